"""Contacts and their files: the book of record."""
