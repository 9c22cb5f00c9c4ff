"""Lessons out: JSON for programs, Markdown for people."""
