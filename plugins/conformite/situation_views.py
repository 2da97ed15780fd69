"""Conformité: the clients of the cabinet by where they stand; each number opens the list that it counts (NX-01)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import queries
from core.api.db import today
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import permission
from plugins.conformite import frames
from plugins.conformite import profile_views
from plugins.conformite import profiles
from plugins.conformite import situation

SIZE = 25


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/", "index", index)


@permission("contacts.view")
def index() -> ResponseReturnValue:
    """How many stand how, and who: the gravest situation that somebody is in, unless another is asked for."""
    on, notice, demanded = today(), profile_views.notice(), frames.demanded()
    fields = queries.registry(hub(), current_context(), adviser())
    counts = situation.counts(db_session(), adviser(), on, notice, demanded)
    code = request.args.get("situation", "")
    if code not in counts:
        code = next((one for one in situation.SITUATIONS if counts[one]), situation.CONFORM)
    number = request.args.get("page", "")
    page = queries.contacts.page(
        db_session(), adviser(), situation.asked(code, on, notice, fields), size=SIZE,
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
    )  # fmt: skip
    ids = [one.id for one in page.items]
    return render_template(
        "conformite/index.html", tiles=_tiles(counts, notice), code=code, title=_titles(notice)[code], page=page,
        standings=situation.among(db_session(), adviser(), ids, on, demanded), situations=situation.SITUATIONS,
        found=profiles.current(db_session(), adviser(), ids), on=on, notice=notice,
        total=sum(counts[one] for one in situation.SITUATIONS), source=situation.SOURCE,
        pager=contacts.pager(page, lambda place: url_for("p_conformite.index", situation=code, page=place)),
    )  # fmt: skip


def _titles(notice: int) -> dict[str, str]:
    return {
        situation.NOT_CONFORM: _("Sans profil investisseur"),
        situation.EXPIRED: _("Profil, document, pièce d'identité ou vigilance expirés"),
        situation.INCOMPLETE: _("Identité, documents ou vigilance à compléter"), situation.CONFORM: _("Conformes"),
        situation.SOON: _("Profil qui expire sous %(n)s jours", n=notice),
    }  # fmt: skip


def _tiles(counts: dict[str, int], notice: int) -> list[dict[str, Any]]:
    titles = _titles(notice)
    return [
        {
            "key": code, "label": situation.SITUATIONS.get(code, _("Expire bientôt")), "about": titles[code], "count": count,
            "url": url_for("p_conformite.index", situation=code),
        }
        for code, count in counts.items()
    ]  # fmt: skip
