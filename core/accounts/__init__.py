"""Accounts, their holders, positions and movements: the book of record."""
