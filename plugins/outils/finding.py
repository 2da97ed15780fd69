"""What the quick search shows of a support (RE-03)."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from core.api import Context
from core.api import supports
from core.api.db import session
from core.api.db import today
from core.api.formats import money
from core.api.types import SearchHit
from core.api.types import SearchHits


def supports_found(ctx: Context, text: str, limit: int) -> SearchHits:
    """The cabinet's supports; each leads to its page. A wrong ISIN is told which character is wrong; a right one that the
    cabinet does not have leads to where it is made (OU-09)."""
    lines, how = supports.found(session(), text, on=today(), limit=limit)
    hits = tuple(
        SearchHit(line.id, line.label, "p_outils.support", {"support_id": line.id}, _detail(line), _price(line)) for line in lines
    )
    isin = text.replace(" ", "").upper()
    if len(isin) == 12 and not supports.naming.isin_wrong(isin) and ctx.can(supports.by_hand.EDIT) and not _known(lines, isin):
        made = _("Créer le support %(isin)s", isin=isin)
        hits = (*hits, SearchHit("nouveau", made, "p_outils.support_new", {"q": isin}, _("Absent de votre cabinet")))
    return SearchHits(
        hits,
        more=how.more, near=how.near, say=supports.isin_fault(text) or "", all_endpoint="p_outils.index",
        all_values={"q": text},
    )  # fmt: skip


def _known(lines: Sequence[supports.SupportLine], isin: str) -> bool:
    return any(line.isin == isin for line in lines)


def _detail(line: supports.SupportLine) -> str:
    return " · ".join(filter(None, (line.isin or line.code, line.type_label)))


def _price(line: supports.SupportLine) -> str:
    return money(line.price.value, line.currency) if line.price else ""
