"""«Aide»: documentation, tutorials, keyboard shortcuts (US-01)."""

from __future__ import annotations

from flask import Blueprint
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db.errors import NotFound
from core.help import pages
from core.web.policy import policy

blueprint = Blueprint("help", __name__, url_prefix="/aide")
LONGEST, MOST = 100, 30


@blueprint.get("")
@policy("session")
def index() -> ResponseReturnValue:
    """What there is; with a question, where its words are found."""
    text = request.args.get("q", "").replace("\0", "").strip()[:LONGEST]
    return render_template(
        "help/index.html", text=text, found=pages.find(text)[:MOST], chapters=pages.shelf(pages.DOCUMENTATION),
        tutorials=pages.shelf(pages.TUTORIALS),
    )  # fmt: skip


@blueprint.get("/raccourcis")
@policy("session")
def shortcuts() -> ResponseReturnValue:
    """The keyboard shortcuts, and the switch of single keys."""
    crumbs = [(_("Aide"), url_for("help.index")), (_("Raccourcis clavier"), None)]
    return render_template("help/shortcuts.html", crumbs=crumbs)


@blueprint.get("/<chapter>")
@policy("session")
def chapter(chapter: str) -> ResponseReturnValue:
    """A chapter of the documentation."""
    return _shown(pages.DOCUMENTATION, chapter)


@blueprint.get("/tutoriels/<tutorial>")
@policy("session")
def tutorial(tutorial: str) -> ResponseReturnValue:
    """A tutorial: a short list of steps."""
    return _shown(pages.TUTORIALS, tutorial)


def _shown(shelf: str, slug: str) -> ResponseReturnValue:
    page = pages.page(shelf, slug)
    if page is None:
        raise NotFound(_("Cette page de l'aide n'existe pas."))
    every = pages.shelf(shelf)
    place = every.index(page)
    return render_template(
        "help/page.html", page=page, every=every, next=every[place + 1] if place + 1 < len(every) else None,
        crumbs=[(_("Aide"), url_for("help.index")), (page.title, None)],
    )  # fmt: skip
