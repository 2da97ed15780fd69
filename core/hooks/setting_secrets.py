"""Secrets of settings: in the vault under the plugin's name, or its and a person's; read when they are revealed (PLP-111)."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from core.cabinets import vault
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.hooks.errors import AuthFailed
from core.hooks.secret import Secret
from core.telemetry.scrub import keep_out

_log = logging.getLogger("encours.plugins")
_UNREADABLE = "Une clé enregistrée pour ce module ne peut pas être lue. Prévenez la personne qui exploite Encours."


def owner(plugin: str, user_id: str = "") -> str:
    """Under which name the vault keeps them."""
    return f"plugin:{plugin}|user:{user_id}" if user_id else f"plugin:{plugin}"


def sealed(cabinet_id: int, plugin: str, name: str, user_id: str = "") -> Secret:
    """One that the vault keeps. Nothing is read before `reveal()`, which reads it in a short session of its own, once."""

    @cache
    def decrypted() -> str:
        try:
            with db.session(cabinet_id, write=False) as session:
                found = vault.unseal(session, owner(plugin, user_id), name)
        except vault.VaultError as error:
            _log.error("a secret of %s cannot be read: %s", plugin, error)
            raise AuthFailed(_UNREADABLE) from error
        if found is None:  # erased since the context was made
            raise AuthFailed("La clé de ce module vient d'être effacée\u202f: enregistrez-en une autre dans ses réglages.")
        said = found.decode()
        keep_out(said)
        return said

    return Secret(decrypted)


def seal(session: TenantSession, plugin: str, name: str, value: Secret, *, user_id: str = "", actor: str) -> dict[str, Any]:
    """Keep one; the mark of who did it when, which is all that is ever shown of it."""
    vault.seal(session, owner(plugin, user_id), name, value.reveal().encode())
    return {"at": now().isoformat(), "by": actor}


def erase(session: TenantSession, plugin: str, name: str, *, user_id: str = "") -> None:
    """Delete one for good."""
    vault.forget(session, owner(plugin, user_id), name)
