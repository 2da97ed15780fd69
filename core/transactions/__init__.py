"""Transactions and their statuses: the book of record."""
