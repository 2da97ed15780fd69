"""What the sign-in's and the account's forms say when something is wrong."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from core.auth.limits import Wait

Fault = dict[str, str]


def fault(name: str, label: str, text: str) -> Fault:
    """A fault of one field, or of the whole form where `name` is empty."""
    return {"name": name, "label": label, "error": text}


def too_many(wait: Wait) -> Fault:
    """Too many tries: how long to wait; the same words whether the account exists."""
    return fault(
        "", "", _(
            "Trop de tentatives : patientez %(time)s, puis recommencez. Votre accès n'est pas bloqué.",
            time=duration(wait.seconds),
        ),
    )  # fmt: skip


def duration(seconds: int) -> str:
    """«45 secondes», «2 minutes» (rounded up)."""
    if seconds <= 90:
        return str(ngettext("%(num)s seconde", "%(num)s secondes", seconds))
    return str(ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60)))


def missing(name: str, label: str, value: str, text: str) -> list[Fault]:
    """The fault of a field that was left empty."""
    return [] if value.strip() else [fault(name, label, text)]


def new_password_faults(password: str, again: str, weakness: str | None) -> list[Fault]:
    """What is wrong with a new password typed twice."""
    found = []
    if weakness is not None:
        found.append(fault("new_password", _("Nouveau mot de passe"), weakness))
    if password != again:
        text = _("Les deux saisies du nouveau mot de passe diffèrent.")
        found.append(fault("new_again", _("Nouveau mot de passe, de nouveau"), text))
    return found


def of_field(faults: list[Fault], name: str) -> str | None:
    """The template filter: what is wrong with one field."""
    return next((found["error"] for found in faults or [] if found["name"] == name), None)
