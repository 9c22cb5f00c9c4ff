"""What coachkb knows, as files: language profiles, the situation vocabulary, the starter, the schema."""
