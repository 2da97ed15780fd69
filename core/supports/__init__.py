"""Supports and their prices: the book of record."""
