"""Lessons on a screen or in a pipe. ``plain`` is on the look-up path and imports nothing; ``card`` uses rich."""
