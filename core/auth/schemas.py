"""The forms of the sign-in and of one's own account, and what they say when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.auth.limits import Wait
from core.web import fields
from core.web.fields import Secret
from core.web.fields import Text
from core.web.forms import Form

_ASK_CODE = _l("Saisissez le code que votre application affiche.")
_LONG_ENOUGH = _l(
    "Douze caractères au moins, par exemple quatre mots sans rapport entre eux. Les mots de passe courants sont refusés."
)


def _email() -> Text:
    """Any text: whether it is an address, and whose, nobody is told before the sign-in."""
    words = _l("Saisissez votre adresse e-mail.")
    return fields.line(_l("Adresse e-mail"), 254, missing=words, kind="email", autocomplete="username")


def _current() -> Secret:
    words = _l("Saisissez votre mot de passe actuel.")
    return fields.password(_l("Mot de passe actuel"), missing=words, autocomplete="current-password")


def _new() -> Secret:
    return fields.password(
        _l("Nouveau mot de passe"), required=True, empty="", autocomplete="new-password", help=_LONG_ENOUGH
    )


def _again() -> Secret:
    label = _l("Nouveau mot de passe, de nouveau")
    return fields.password(label, required=True, empty="", autocomplete="new-password")


def _six_digits() -> Text:
    label = _l("Code à six chiffres")
    return fields.line(label, missing=_ASK_CODE, autocomplete="one-time-code", inputmode="numeric")


class SignIn(Form):
    """E-mail and password."""

    email = _email()
    password = fields.password(
        _l("Mot de passe"), missing=_l("Saisissez votre mot de passe."), autocomplete="current-password"
    )


class Code(Form):
    """The authenticator's code."""

    code = _six_digits()


class RecoveryCode(Form):
    """One of the recovery codes."""

    code = fields.line(
        _l("Code de secours"), missing=_l("Saisissez l'un de vos codes de secours."), autocomplete="off",
        help=_l("Seize lettres et chiffres, par exemple ABCD-EFGH-JKLM-NPQR."),
    )  # fmt: skip


class Forgotten(Form):
    """Where a reset link goes."""

    email = _email()


class NewPassword(Form):
    """Another password, reached by a reset link."""

    new_password = _new()
    new_again = _again()


class OwnPassword(Form):
    """Another password, by who knows the present one."""

    password = _current()
    new_password = _new()
    new_again = _again()


class Enrolment(Form):
    """The second factor's first code."""

    code = _six_digits()
    password = _current()


class Proof(Form):
    """Password and code, before an act on the second factor."""

    password = _current()
    code = fields.line(
        _l("Code de l'application, ou code de secours"), missing=_l("Saisissez un code."), autocomplete="one-time-code"
    )


class OwnFile(Form):
    """What a person may change of his own file."""

    phone = fields.phone(_l("Téléphone professionnel"), autocomplete="tel")


class NewToken(Form):
    """A personal access token for the API; which scopes may be given, only the view knows."""

    name = fields.line(
        _l("Nom du jeton"), 60, missing=_l("Donnez un nom à ce jeton."), autocomplete="off",
        help=_l("Ce qui s'en sert, par exemple «\u202fTableau de bord du cabinet\u202f»."),
    )  # fmt: skip
    days = fields.choice(
        _l("Durée de validité"), {"7": _l("7 jours"), "30": _l("30 jours"), "90": _l("90 jours"), "365": _l("Un an")},
        missing=_l("Choisissez une durée."),
    )  # fmt: skip
    scopes = fields.several(
        _l("Ce que le jeton permet"), missing=_l("Choisissez au moins un droit."),
        help=_l("Jamais plus que vos propres droits au moment de l'appel. Ce dont un droit a besoin lui est ajouté."),
    )  # fmt: skip
    password = _current()


def too_many(wait: Wait, name: str) -> dict[str, str]:
    """Too many tries of a field: how long to wait; the same words whether the account exists."""
    words = _(
        "Trop de tentatives\u202f: patientez %(time)s, puis recommencez. Votre accès n'est pas bloqué.",
        time=duration(wait.seconds),
    )
    return {name: words}


def duration(seconds: int) -> str:
    """«45 secondes», «2 minutes» (rounded up)."""
    if seconds <= 90:
        return str(ngettext("%(num)s seconde", "%(num)s secondes", seconds))
    return str(ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60)))


def new_password_errors(typed: Mapping[str, Any], weakness: str | None) -> dict[str, str]:
    """What is wrong with a new password typed twice."""
    found = {} if weakness is None else {"new_password": weakness}
    if typed.get("new_password", "") != typed.get("new_again", ""):
        found["new_again"] = _("Les deux saisies du nouveau mot de passe diffèrent.")
    return found
