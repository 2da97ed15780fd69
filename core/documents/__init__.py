"""Documents and their bytes: the book of record."""
