"""The book of record: documents. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.documents.services import *  # noqa: F403
