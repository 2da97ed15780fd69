"""Extension objects, unbound: `core.app` binds them to an application."""

from __future__ import annotations

from babel import support
from flask_babel import Babel
from flask_babel import Domain
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from core.db.session import Database


class _French(support.NullTranslations):
    """Our words are written in French, where nothing and less than two are singular: «0 contact», «1,5 mois».

    Without a catalogue gettext would choose as English does.
    """

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        return msgid1 if abs(n) < 2 else msgid2

    ungettext = ngettext


class _Words(Domain):  # type: ignore[misc]
    _french = _French()

    def get_translations(self) -> support.NullTranslations:
        return self._french


class _Babel(Babel):  # type: ignore[misc]
    domain_instance = _Words()


db = Database()
babel = _Babel()
login = LoginManager()
login.session_protection = None  # ours are server-side and rotated: it would only write a mark into each of them
csrf = CSRFProtect()
