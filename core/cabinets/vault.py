"""Secrets at rest: AES-256-GCM under the cabinet's data key, itself wrapped by the installation's key (PLP-111).

A ciphertext names its place (cabinet, owner, field, key version) as authenticated data: one copied to another row,
or another cabinet, does not open. No secret is ever part of a `repr`, a log line or an error text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from core.cabinets.models import Cabinet
from core.cabinets.models import Secret
from core.db.session import TenantSession

#: Bytes of a key (AES-256), of a nonce (96 bits), of the mark that tells which installation key wrapped a data key.
KEY_BYTES = 32
NONCE_BYTES = 12
MARK_BYTES = 8
#: The layout of `Cabinet.data_key`: format, mark, nonce, wrapped key.
FORMAT = b"\x01"
#: The data key's version, part of what a ciphertext authenticates.
KEY_VERSION = 1
_WRAP = b"encours|data-key|1"

_kek: list[bytes] = []


class VaultError(RuntimeError):
    """A secret cannot be opened or kept; the message says which key or row, never a value."""


def configure(kek: str) -> None:
    """Take the installation's key: 32 bytes in base64url. Raises `VaultError` for anything else."""
    _kek[:] = [_decoded(kek)]


def new_data_key(kek: str | None = None) -> bytes:
    """A new data key for a cabinet, wrapped by `kek` (by default the configured one): `Cabinet.data_key`."""
    key = _decoded(kek) if kek is not None else _configured()
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, secrets.token_bytes(KEY_BYTES), _WRAP)
    return FORMAT + _mark(key) + nonce + sealed


def derived(purpose: bytes) -> bytes:
    """A key for one purpose, made from the installation's: what it signs, no holder of the database alone can sign."""
    return hmac.digest(_configured(), purpose, "sha256")


def seal(session: TenantSession, owner: str, field: str, value: bytes) -> None:
    """Keep a secret of the session's cabinet; one that was there before under the same name is replaced."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(session).encrypt(nonce, value, _place(session, owner, field, KEY_VERSION))
    row = _row(session, owner, field)
    if row is None:
        row = Secret(owner=owner, field=field)
        session.add(row)
    row.key_version, row.nonce, row.ciphertext = KEY_VERSION, nonce, sealed
    session.flush()


def unseal(session: TenantSession, owner: str, field: str) -> bytes | None:
    """The secret, or None where there is none. Raises `VaultError` for one that was altered or moved."""
    row = _row(session, owner, field)
    if row is None:
        return None
    try:
        return _cipher(session).decrypt(row.nonce, row.ciphertext, _place(session, owner, field, row.key_version))
    except InvalidTag as error:
        raise VaultError(f"le secret {owner}/{field} a été altéré ou n'est pas de ce cabinet") from error


def forget(session: TenantSession, owner: str, field: str | None = None) -> None:
    """Delete one secret of an owner, or all of them."""
    found = select(Secret).where(Secret.owner == owner)
    if field is not None:
        found = found.where(Secret.field == field)
    for row in session.scalars(found):
        session.delete(row)
    session.flush()


def _row(session: TenantSession, owner: str, field: str) -> Secret | None:
    return session.scalar(select(Secret).where(Secret.owner == owner, Secret.field == field))


def _cipher(session: TenantSession) -> AESGCM:
    cabinet_id = session.require_cabinet()
    wrapped = session.scalars(select(Cabinet.data_key).where(Cabinet.id == cabinet_id)).one()
    head = len(FORMAT) + MARK_BYTES
    key = _configured()
    if wrapped[: len(FORMAT)] != FORMAT:
        raise VaultError(f"la clé de données du cabinet {cabinet_id} est d'un format inconnu")
    if wrapped[len(FORMAT) : head] != _mark(key):
        raise VaultError(
            f"la clé de données du cabinet {cabinet_id} a été protégée par une autre ENCOURS_KEK que celle de cette "
            "installation : rétablissez la clé d'origine"
        )
    nonce, sealed = wrapped[head : head + NONCE_BYTES], wrapped[head + NONCE_BYTES :]
    try:
        return AESGCM(AESGCM(key).decrypt(nonce, sealed, _WRAP))
    except InvalidTag as error:
        raise VaultError(f"la clé de données du cabinet {cabinet_id} a été altérée") from error


def _place(session: TenantSession, owner: str, field: str, version: int) -> bytes:
    return f"{session.require_cabinet()}|{owner}|{field}|{version}".encode()


def _configured() -> bytes:
    if not _kek:
        raise VaultError("aucune ENCOURS_KEK n'est configurée")
    return _kek[0]


def _decoded(kek: str) -> bytes:
    try:
        key = base64.b64decode(kek + "=" * (-len(kek) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise VaultError("ENCOURS_KEK doit être écrite en base64url") from error
    if len(key) != KEY_BYTES:
        raise VaultError(f"ENCOURS_KEK doit compter {KEY_BYTES} octets, elle en compte {len(key)}")
    return key


def _mark(key: bytes) -> bytes:
    """Which key this is, without telling it: so that a restore under another key is said as such."""
    return hashlib.sha256(b"encours|kek-mark|" + key).digest()[:MARK_BYTES]
