"""What the wizard's pages show: the stepper, the columns and their fields, the counts, the progress."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.hooks.importing import ImportField
from core.imports import delimited
from core.imports import files
from core.imports import mapping
from core.imports import services
from core.imports import states
from core.imports.models import ImportRun
from core.imports.targets import Known
from core.shell.gate import current_context
from core.web import fields
from core.web import forms

#: The steps, in their order.
STEPS = (_l("Fichier"), _l("Colonnes"), _l("Vérification"), _l("Import"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place of the stepper. `state`: done, current, todo."""

    title: Any
    state: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A figure of the check or the result."""

    label: str
    value: int


class FileForm(forms.Form):
    """Step 1."""

    file = fields.file(
        _l("Fichier"), rule=files.RULE,
        help=_l("La première ligne porte les titres."),
    )


class ReadForm(forms.Form):
    """How a text file is read, where it was guessed wrong."""

    encoding = fields.choice(_l("Encodage"), delimited.ENCODINGS)
    delimiter = fields.choice(_l("Séparateur"), delimited.DELIMITERS)


class SheetForm(forms.Form):
    """Which sheet of a workbook."""

    sheet = fields.choice(_l("Feuille"), {}, late=True)


class RulesForm(forms.Form):
    """Step 2, beside the columns: what becomes of what is there already, and what the lines do not tell."""

    groups = {"rules": _l("Ce qui est déjà présent"), "more": _l("Pour toutes les lignes")}


def rules_form(known: Known) -> forms.Form:
    """The form of step 2: the rules that the target asks, its boxes, a value for each field that one may stand for."""
    made: dict[str, Any] = {}
    for name, one in known.choices.items():
        late = {"when": ("known", ("update",))} if name == "fill" else {"missing": _("Choisissez.")}
        made[name] = fields.choice(one.label, dict(one.codes), kind="radio", group="rules", wide=True, help=one.help, **late)
    for name, label in known.target.ticks.items():
        made[f"tick_{name}"] = fields.flag(label, group="rules", wide=True)
    if known.target.owners is not None:
        made["owner"] = fields.choice(
            _("Conseiller principal par défaut"), {}, late=True, group="more",
            help=_("Pour les lignes qui n'en nomment pas. Sans choix, c'est la personne qui importe."),
        )  # fmt: skip
    made |= {f"constant_{one.key}": _constant(one) for one in known.target.fields if one.constant}
    made["source"] = fields.line(
        _("Nom de cette source"), 80, group="more",
        help=_("L'association des colonnes est retenue sous ce nom, et reprise pour les fichiers aux mêmes titres."),
    )  # fmt: skip
    return RulesForm.from_dict(made, name="ImportRulesForm")()  # type: ignore[return-value]


def _constant(one: ImportField) -> Any:
    label, about = _("%(label)s par défaut", label=one.label), _("Pour les lignes qui n'en disent rien.")
    if one.kind == "code":
        return fields.choice(label, dict(one.codes or {}), group="more", help=about)
    if one.kind == "day":
        return fields.day(label, group="more", help=about)
    return fields.line(label, 200, group="more", help=about)


def marks(row: ImportRun | None, current: int) -> list[Mark]:
    """The stepper: one may go back as long as nothing is written."""
    back = row is not None and row.state in states.OPEN
    urls = {1: url_for("imports.columns", import_id=row.id)} if back and row is not None else {}
    return [
        Mark(title, "done" if at < current else "current" if at == current else "todo", urls.get(at) if at < current else None)
        for at, title in enumerate(STEPS)
    ]


def options(known: Known) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields to choose from, by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in known.target.fields:
        groups.setdefault(str(one.group), []).append((one.key, str(one.label)))
    return list(groups.items())


def columns(row: ImportRun, chosen: Mapping[str, int]) -> list[mapping.Column]:
    """The columns with their first values. Raises `NotFound` once the file is no longer kept."""
    return mapping.columns(services.table(row) or b"", row.settings["read"]["heads"], chosen)


def said(row: ImportRun) -> str:
    """How the file was read: «Classeur Excel, feuille Clients, 1 248 lignes»."""
    read = row.settings["read"]
    parts = [files.LABELS[read["kind"]]]
    if read.get("encoding"):
        parts.append(delimited.ENCODINGS.get(read["encoding"], read["encoding"]))
    if read.get("delimiter"):
        parts.append(_("séparateur %(name)s", name=delimited.DELIMITERS.get(read["delimiter"], read["delimiter"])))
    if read.get("sheet"):
        parts.append(_("feuille %(name)s", name=read["sheet"]))
    return ", ".join(parts)


def list_url(known: Known) -> str | None:
    """Where the things imported are listed; None where the module that lists them is not there."""
    endpoint = known.target.endpoint
    if endpoint is None or endpoint not in current_app.view_functions:
        return None
    module = endpoint.partition(".")[0].removeprefix("p_")
    return url_for(endpoint) if not endpoint.startswith("p_") or module in current_context().enabled else None


def counts(row: ImportRun) -> list[Count]:
    """The four figures of the check, or of what was done."""
    checked = row.state in states.OPEN
    words = states.EXPECTED if checked else states.DONE
    found = row.tally.get("counts", {}) if checked else row.tally
    parts = [Count(states.PARTS, int(found["part"]))] if found.get("part") else []
    return [*(Count(words[key], int(found.get(key, 0))) for key in words), *parts]


def preview(row: ImportRun) -> list[tuple[str, list[dict[str, Any]]]]:
    """The first lines of each verdict, faults first."""
    groups = []
    for action in ("error", "skip", "update", "create"):
        found = [one for one in row.tally.get("shown", ()) if one["action"] == action]
        if found:
            groups.append((action, found))
    return groups
