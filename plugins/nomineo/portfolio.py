"""What Nominéo keeps for the cabinet's clients, asked page by page (AGG-01; docs/protocol/portfolio-feed.md)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from core.api import ProtocolError
from core.api.feeds import PortfolioAsked
from core.api.feeds import PortfolioPage
from core.api.partner import PlpClient
from core.api.partner import parse_json

PATH = "/portfolio/v1/contracts"
#: Contracts of a page, and bytes that an answer may have: some hundred lines a contract.
LIMIT = 100
CAP = 4 * 1024 * 1024
_CURSOR = re.compile(r"[A-Za-z0-9._~-]{1,512}")
_MARK = re.compile(r'"[\x21\x23-\x7e]{1,198}"')
_WRONG = "La page de portefeuilles du partenaire n'est pas dans le format convenu."


def fetch(client: PlpClient, asked: PortfolioAsked) -> PortfolioPage:
    """One page. Raises the error words."""
    query = {"limit": str(LIMIT)}
    if asked.cursor:
        query["cursor"] = asked.cursor
    if asked.since is not None:
        query["since"] = asked.since.isoformat()
    answer = client.beside(PATH, operation="portfolio", query=query, etag="" if asked.cursor else asked.mark, cap=CAP)
    mark = answer.headers.get("ETag") or ""
    if answer.status == 304:
        return PortfolioPage(b"", "", mark=asked.mark)
    told = _object(answer.body)
    try:
        on = date.fromisoformat(str(told.get("as_of")))
    except ValueError as error:
        raise ProtocolError(_WRONG) from error
    cursor = told.get("next_cursor")
    more = told.get("has_more") is True
    if more and (not isinstance(cursor, str) or not _CURSOR.fullmatch(cursor)):
        raise ProtocolError(_WRONG)
    following = str(cursor) if more else ""
    data = answer.body if told.get("contracts") != [] else b""  # a cabinet without a contract there: nothing to tell
    return PortfolioPage(data, f"nomineo-{on}.json", on, following, mark if _MARK.fullmatch(mark) else "")


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = parse_json(body)
    except ValueError as error:
        raise ProtocolError("La page de portefeuilles du partenaire est illisible.") from error
    if not isinstance(told, dict):
        raise ProtocolError(_WRONG)
    return told
