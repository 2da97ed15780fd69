"""The forms of signatures: whom to ask, the signature itself, a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from core.db.clock import today
from core.signing.asking import DAYS
from core.signing.asking import LONGEST
from core.signing.asking import Wanted
from core.signing.candidates import Candidate
from core.signing.paper import SCAN
from core.web import fields
from core.web.forms import Form

NOT = "NON"
WAYS = {NOT: _l("Ne signe pas"), "PLACE": _l("Sur cet écran"), "LIEN": _l("Par un lien envoyé par e-mail")}


def asking(people: Sequence[Candidate], *, by_link: bool) -> Form:
    """The form for a document: for each who may sign how, then until when and a word for those who get a mail."""
    made: dict[str, Any] = {}
    groups: dict[str, Any] = {}
    for place, one in enumerate(people):
        group = f"p{place}"
        groups[group] = one.name if not one.why else f"{one.name}, {one.why[:1].lower()}{one.why[1:]}"
        ways = {code: label for code, label in WAYS.items() if code != "LIEN" or (by_link and one.kind == "contact")}
        made[f"way_{place}"] = fields.choice(_l("Signature"), ways, missing=_l("Dites si cette personne signe."), group=group)
        if one.company:
            when = (f"way_{place}", ("PLACE", "LIEN"))
            text = _l("Nom de la personne qui signe")
            made[f"name_{place}"] = fields.line(text, 200, group=group, when=when, help=_l("Celle qui engage la société."))
        if "LIEN" in ways:
            made[f"email_{place}"] = fields.email(_l("E-mail"), group=group, when=(f"way_{place}", ("LIEN",)))
    groups["more"] = _l("Délai et message")
    made["until"] = fields.day(
        _l("À signer jusqu'au"), missing=_l("Dites jusqu'à quand on peut signer."), kind="date", group="more",
        help=_l("%(n)s jours au plus.", n=LONGEST),
    )  # fmt: skip
    if by_link:
        made["message"] = fields.line(
            _l("Message"), 1000, lines=True, group="more", wide=True, help=_l("Il est joint à l'e-mail qui porte le lien.")
        )
    schema = type("AskingForm", (Form,), {"groups": groups, **made})
    return schema()  # type: ignore[no-any-return]


def usual(people: Sequence[Candidate]) -> dict[str, Any]:
    """What stands in the form before anything is typed."""
    found: dict[str, Any] = {"until": (today() + timedelta(days=DAYS)).isoformat()}
    for place, one in enumerate(people):
        found |= {f"way_{place}": one.usual or NOT, f"email_{place}": one.email, f"name_{place}": one.head}
    return found


def wanted(people: Sequence[Candidate], values: Mapping[str, Any]) -> list[Wanted]:
    """Those who are asked, in the page's order."""
    return [
        Wanted(one.kind, one.ref, way, values.get(f"email_{place}") or "", values.get(f"name_{place}") or "")
        for place, one in enumerate(people)
        if (way := values.get(f"way_{place}")) in ("PLACE", "LIEN")
    ]


class SignForm(Form):
    """A signature. `strokes`: what was drawn, by the script (js/sign.js); a typed name is enough without."""

    typed_name = fields.line(_l("Votre nom, en entier"), 200, missing=_l("Écrivez votre nom."), autocomplete="off")
    strokes = fields.line("", 20_000, kind="hidden")
    agreed = fields.flag(_l("Je signe"))


class PaperForm(Form):
    """What was signed by hand."""

    on = fields.day(_l("Signé le"), missing=_l("Saisissez une date."), past=True, kind="date")
    file = fields.file(_l("Document signé, numérisé"), help=_l("Toutes ses pages, avec les signatures."), rule=SCAN)


class RefuseForm(Form):
    """A refusal."""

    why = fields.line(_l("Pourquoi"), 500, lines=True, missing=_l("Dites en quelques mots pourquoi vous ne signez pas."))
