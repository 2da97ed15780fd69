"""The book of record's fixtures."""

from __future__ import annotations

from tests.core.accounts.book import book
from tests.core.accounts.book import book_url
from tests.core.accounts.book import statements

__all__ = ["book", "book_url", "statements"]
