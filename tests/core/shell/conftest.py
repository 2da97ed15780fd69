"""The book of record's fixtures, for what people keep of it."""

from __future__ import annotations

from tests.core.accounts.book import book
from tests.core.accounts.book import book_url

__all__ = ["book", "book_url"]
