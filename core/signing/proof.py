"""The evidence of a signature: a page that is added to the document, and a file of its own that machines read too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from jinja2 import FileSystemLoader
from jinja2 import StrictUndefined

from core import pdf
from core.cabinets.models import Cabinet
from core.signing.models import SignatureRequest
from core.signing.models import SignatureSigner
from core.signing.states import CONSENTS
from core.signing.states import LEVEL
from core.web import formats

FORMAT = "encours-signature-1"
_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "signing"


def facts(
    row: SignatureRequest, signers: Sequence[SignatureSigner], cabinet: Cabinet, certificate: str, at: datetime, asked_by: str
) -> dict[str, Any]:  # fmt: skip
    """What is told, for machines; times are UTC."""
    return {
        "format": FORMAT, "request": row.id, "title": row.title, "level": LEVEL, "document_sha256": row.sha256,
        "cabinet": {"name": cabinet.name, "siren": cabinet.siren, "orias": cabinet.orias}, "seal_certificate_sha256": certificate,
        "asked_at": _utc(row.asked_at), "asked_by": asked_by, "sealed_at": _utc(at),
        "signers": [
            {
                "rank": one.rank, "name": one.name, "on_behalf_of": one.behalf or None, "way": one.way, "email": one.email,
                "invited_at": _utc(one.invited_at), "opened_at": _utc(one.seen_at), "signed_at": _utc(one.ended_at),
                "typed_name": one.typed_name, "drawn": one.strokes or None, "consent": CONSENTS.get(one.consent or 0),
                "address": one.address or None, "browser": one.agent or None, "witness": one.witness,
            }
            for one in signers
        ],
    }  # fmt: skip


def sheet(
    row: SignatureRequest, signers: Sequence[SignatureSigner], cabinet: Cabinet, certificate: str, at: datetime, asked_by: str
) -> str:  # fmt: skip
    """The page in HTML: who signed, when, how; the drawings; hashes."""
    body = _environment().get_template("proof_sheet.html").render(
        row=row, signers=signers, cabinet=cabinet, certificate=certificate, at=at, level=LEVEL,
        consents=CONSENTS, lines=lines, asked_by=asked_by,
    )  # fmt: skip
    return f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><style>{pdf.font_face()}</style></head>{body}</html>'


def lines(strokes: str) -> list[str]:
    """The strokes of a drawing, each as SVG's `points`; checked when they were kept."""
    return [one for one in strokes.split(";") if one]


@cache
def _environment() -> Environment:
    # of its own: a job has no request, and nothing of a page is wanted
    made = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    made.filters["moment"] = formats.moment
    return made


def file(html: str, said: dict[str, Any], at: datetime) -> bytes:
    """The evidence as PDF/A-3: the page, and what it says as JSON inside. Raises `PdfError`."""
    data = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()
    inside = pdf.Attached("preuve.json", "application/json", data, "Les mêmes faits, pour un programme")
    return pdf.archive(html, [inside], made=at)


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
