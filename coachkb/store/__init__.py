"""Lessons and articles as plain files that people own: reading strictly, writing atomically, keeping edits."""
