"""The demonstration's documents: some signed by hand and filed, one that expired, some ready to be signed (CO-01)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core.api import Context
from core.api import book
from core.api import demo
from core.api import files
from core.api import pdf
from core.api import wealth
from core.api.db import session
from core.api.db import today
from plugins.conformite.papers import kinds
from plugins.conformite.papers import making
from plugins.conformite.papers.facts import Worth
from plugins.conformite.papers.models import Paper

_LETTER = {
    "objectifs": "Préparer un complément de revenus pour la retraite, sans toucher à la résidence principale.",
    "prestations": "Bilan patrimonial, conseil en investissement sur les contrats existants, un rendez-vous de suivi par an.",
    "honoraires": "1\u202f200 € TTC à la remise du bilan. Rétrocessions des assureurs sur les contrats suivis.",
}  # fmt: skip
#: Client → (kind, days ago, whether it was signed by hand and filed), the oldest first.
_MADE: dict[str, tuple[tuple[str, int, bool], ...]] = {
    "Durand Jeanne": ((kinds.DER, 900, True), (kinds.RECORD, 460, True), (kinds.LETTER, 0, False), (kinds.PROFILE, 0, False)),
    "Durand Philippe": ((kinds.DER, 900, True),),
    "Moreau Hélène": ((kinds.RECORD, 60, True),),
}  # fmt: skip


def write(ctx: Context) -> None:
    """All of them, once: few, each takes a second. What was signed by hand is shown as the house's template prints it."""
    if ctx.principal is None or session().scalar(select(Paper.id).limit(1)) is not None:
        return
    for name, made in _MADE.items():
        who = session().scalars(select(book.Contact.id).where(book.Contact.display_name == name)).one()
        for kind, ago, filed in made:
            _one(ctx, who, kind, ago, filed=filed)


def _one(ctx: Context, who: str, kind: str, ago: int, *, filed: bool) -> None:
    by, on = ctx.principal, today() - timedelta(days=ago)
    assert by is not None
    texts = making.checked(kind, _LETTER)

    def worth(one: str) -> Worth:
        found = wealth.balance(demo.hub(), ctx, session(), by, one)
        return Worth(found, wealth.budget(demo.hub(), ctx, [one], today()))

    what = making.prepared(session(), by, ctx, who, kind, texts, worth, on=on)
    data = making.drawn(what, pdf.head())
    if filed:
        sent = files.Sent(f"{what.template.title} signé {on:%Y-%m-%d}.pdf", "application/pdf", data)
        making.file(session(), by, ctx, who, kind, sent, on)
    else:
        making.keep(session(), by, ctx, what, texts, data)
