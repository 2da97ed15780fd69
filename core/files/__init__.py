"""Doors for files: what is sent ahead of a form, what is looked at."""
