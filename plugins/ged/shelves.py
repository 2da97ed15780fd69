"""Supports, products and companies with how many documents each has: what the list of their documents shows (OU-03)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from core.api import book
from core.api import documents
from core.api import lists
from core.api import supports
from core.api.db import TenantSession
from core.api.types import Adviser

SIZE = 50
_MODELS: dict[str, Any] = {"company": book.Company, "product": book.Product, "support": book.Support}


@dataclass(frozen=True, slots=True)
class Shelved:
    """One of them. `count`: its documents in force."""

    entry: supports.directory.Entry
    count: int


def listed(session: TenantSession, by: Adviser, kind: str, text: str, *, number: int = 1) -> lists.Page[Shelved]:
    """One page of a kind, as `ordered` has them."""
    rows = ordered(session, by, kind, text, start=(number - 1) * SIZE, size=SIZE)
    total = session.scalar(select(func.count(_MODELS[kind].id)).where(*_called(kind, text))) or 0
    return lists.Page(tuple(rows), total if rows else 0, number, SIZE)


def ordered(session: TenantSession, by: Adviser, kind: str, text: str, *, start: int, size: int) -> list[Shelved]:
    """Those that have most documents first, then by name; `text`: a part of the name, the ISIN or the code."""
    model, paper = _MODELS[kind], documents.Document
    counts = (
        select(paper.owner_id, func.count(paper.id).label("many"))
        .where(paper.owner_kind == kind, documents.in_force(), documents.visible_documents(by))
        .group_by(paper.owner_id).subquery()
    )  # fmt: skip
    many = func.coalesce(counts.c.many, 0)
    rows = session.execute(
        select(model.id, many.label("many")).outerjoin(counts, counts.c.owner_id == model.id).where(*_called(kind, text))
        .order_by(many.desc(), func.lower(_columns(kind)[0]), model.id).limit(size).offset(start)
    ).all()  # fmt: skip
    entries = supports.directory.named(session, by, [(kind, row.id) for row in rows])
    return [Shelved(entries[kind, row.id], row.many) for row in rows if (kind, row.id) in entries]


def _columns(kind: str) -> tuple[Any, ...]:
    """The name first."""
    return (book.Support.label, book.Support.isin, book.Support.code) if kind == "support" else (_MODELS[kind].name,)


def _called(kind: str, text: str) -> list[ColumnElement[bool]]:
    return [or_(*(func.lower(column).contains(text.lower(), autoescape=True) for column in _columns(kind)))] if text else []
