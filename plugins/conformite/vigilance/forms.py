"""The forms of vigilance: a client, an operation, made of the version's questions; a list of countries; a note (CO-05)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import files
from core.api.forms import Form
from core.api.forms import fields
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import ruleset
from plugins.conformite.vigilance import suspicions
from plugins.conformite.vigilance import writes
from plugins.conformite.vigilance.ruleset import Question

#: The choice of the level that the rules give.
COMPUTED = "CALCULE"
RULE = files.rule(
    "conformite.countries", permission=lists.MANAGE, types=("text/csv", "text/plain"), max_bytes=256 * 1024, called="CSV ou texte"
)
_MISSING = _l("Choisissez une réponse.")
_SAID = _l("Cette réponse est nécessaire\u202f: saisissez-la.")
_LEVELS: Mapping[str, Any] = {COMPUTED: _l("Celui qui est calculé"), **ruleset.LEVELS}


class Assessed(Form):
    """What every assessment says besides its answers."""

    level = fields.choice(
        _l("Niveau retenu"), _LEVELS, missing=_l("Choisissez le niveau retenu."), group="retenu",
        help=_l("Un niveau plus élevé se retient librement, un plus léger avec sa raison."),
    )  # fmt: skip
    on = fields.day(
        _l("Évalué le"), missing=_l("Saisissez la date de l'évaluation."), past=True, least=writes.OLDEST, group="retenu"
    )
    reason = fields.line(_l("Raison d'un niveau plus léger"), writes.LONGEST, lines=True, wide=True, group="retenu")


class ClientForm(Assessed):
    """The vigilance of a client. `company`: with what companies alone are asked."""

    groups = {
        "client": _l("Client et entrée en relation"), "fonds": _l("Fonds"), "gel": _l("Gel des avoirs"),
        "retenu": _l("Niveau retenu"),
    }  # fmt: skip

    def __init__(self, company: bool = False) -> None:
        super().__init__()
        for one in ruleset.load().client:
            if one.only == "company" and not company:
                for kept in (self.fields, self.load_fields, self.dump_fields):
                    kept.pop(one.key, None)


class OperationForm(Assessed):
    """The vigilance of one operation."""

    groups = {"operation": _l("Opération"), "fonds": _l("Fonds"), "retenu": _l("Niveau retenu")}

    amount = fields.amount(_l("Montant"), missing=_l("Saisissez le montant de l'opération."), group="operation")
    held = fields.choice(_l("Compte ou acte concerné"), {}, late=True, group="operation")
    about = fields.line(_l("Objet"), 200, wide=True, group="operation")


def _field(one: Question) -> Any:
    meta: dict[str, Any] = {"group": one.group, "wide": one.kind == "radio", "stacked": len(one.options) > 3}
    if one.help:
        meta["help"] = one.help
    if one.when:
        meta["when"] = one.when
    if one.kind == "text":
        return fields.line(one.label, writes.TEXT, missing=_SAID, **{**meta, "wide": True})
    if one.kind == "day":
        return fields.day(one.label, missing=_l("Saisissez la date de cette vérification."), past=True, **meta)
    if one.kind == "country":
        return fields.choice(one.label, contacts.choices.countries, missing=_l("Choisissez un pays."), **meta)
    return fields.choice(one.label, one.options, missing=_MISSING, kind="radio", **meta)


def _with_questions(base: type[Assessed], asked: tuple[Question, ...]) -> type[Any]:
    more = {"__doc__": base.__doc__, "__module__": __name__}
    return type(base.__name__, (base,), {**more, **{one.key: _field(one) for one in asked}})


CLIENT = _with_questions(ClientForm, ruleset.load().client)
OPERATION = _with_questions(OperationForm, ruleset.load().operation)


class ListForm(Form):
    """A list of countries."""

    code = fields.choice(
        _l("Liste"), lambda: {one.code: one.label for one in ruleset.load().lists}, missing=_l("Choisissez la liste."), wide=True
    )
    dated_on = fields.day(
        _l("Date de la liste"), missing=_l("Saisissez la date de publication de la liste."), past=True, least=lists.OLDEST
    )
    source = fields.line(
        _l("Source"), lists.LONGEST_SOURCE, missing=_l("Dites d'où vient la liste."), wide=True,
        help=_l("Le texte ou la page où elle est publiée, par exemple\u202f: règlement délégué (UE) 2016/1675, version du…"),
    )  # fmt: skip
    text = fields.line(
        _l("Pays"), lists.LONGEST_TEXT, lines=True, wide=True, rows=6,
        help=_l("Un par ligne ou séparés par des virgules\u202f: codes ISO à deux lettres (IR) ou noms français."),
    )  # fmt: skip
    file = fields.file(
        _l("Ou un fichier CSV"), rule=RULE, required=False, wide=True,
        help=_l("La première colonne porte le code ou le nom du pays."),
    )  # fmt: skip


class NoteForm(Form):
    """A note of suspicion."""

    text = fields.line(
        _l("Note"), suspicions.LONGEST, missing=_l("Écrivez ce qui fonde le soupçon."), lines=True, wide=True, rows=8,
        help=_l("Faits, dates, montants, ce qui a été demandé et répondu\u202f; au besoin, la date de la déclaration à Tracfin."),
    )  # fmt: skip
