"""The field of a plugin's settings that holds a secret: written, never shown (PL-04, PLP-111)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.hooks.secret import Secret
from core.web import fields

#: Signs of a secret: an access key, a password, a certificate's key in PEM.
MOST = 4000


class SecretField(fields.Secret):
    """A secret setting: `core.api.settings.Secret("Clé d'accès")`.

    The plugin finds a `core.api.types.Secret` in `ctx.settings`, or None where none was kept. `missing`: what is said where
    it is mandatory and there is none; `scopes` and `help` as for any setting. Keep its name: what is kept is found by it.
    """

    default_error_messages = {
        "invalid": _l("Saisissez un texte."),
        "blanks": _l("Un blanc commence ou termine cette valeur\u202f: copiez-la sans lui."),
        "control": _l("Cette valeur contient un caractère invisible qui n'est pas accepté\u202f: copiez-la de nouveau."),
        "long": _l("4\u202f000 caractères au plus."),
    }  # fmt: skip

    def __init__(self, label: Any, *, missing: Any = None, **meta: Any) -> None:
        more: dict[str, Any] = {"load_default": None}
        if missing is not None:
            more = {"required": True, "error_messages": {"required": missing}}
        super().__init__(metadata={"label": label, "kind": "secret", **meta}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if isinstance(value, Secret):
            return value
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if value != value.strip():
            raise self.make_error("blanks")
        if any(not sign.isprintable() and sign not in "\r\n\t" for sign in value):
            raise self.make_error("control")
        if len(value) > MOST:
            raise self.make_error("long")
        return Secret(value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> None:
        """Nothing: what is stored of settings, sent or exported never holds it."""
