"""The book of record: contacts. The services that plugins may call. Since 1.0."""

from __future__ import annotations

from core.contacts.services import *  # noqa: F403
