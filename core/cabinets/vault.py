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
from collections.abc import Collection
from dataclasses import dataclass

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
VERSION_BYTES = 4
#: Layouts of `Cabinet.data_key`: format, mark, nonce, wrapped key; since the second one, before the nonce, the mark of the
#: installation key under which the data key was made, and its version, all authenticated.
FIRST, FORMAT = b"\x01", b"\x02"
#: The version of a cabinet's first data key; a ciphertext authenticates the version of its own.
KEY_VERSION = 1
_WRAP = b"encours|data-key|1"

#: The installation's keys: the one in force, then former ones, which only open.
_ring: list[bytes] = []


class VaultError(RuntimeError):
    """A secret cannot be opened or kept; the message says which key or row and what to do, never a value."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a cabinet's data key says of itself without being opened. `born`: the installation key of its making."""

    format: bytes
    mark: bytes
    born: bytes
    version: int
    nonce: bytes
    sealed: bytes

    @property
    def head(self) -> bytes:
        """What is authenticated along with the key."""
        if self.format == FIRST:
            return _WRAP
        return _WRAP + self.format + self.mark + self.born + self.version.to_bytes(VERSION_BYTES, "big")

    @property
    def current(self) -> bool:
        """Whether the key in force wraps it, in the layout of today."""
        return self.format == FORMAT and self.mark == _mark(_configured())

    @property
    def fresh(self) -> bool:
        """Whether it was made under the key in force."""
        return self.born == _mark(_configured())


def configure(kek: str, old: str = "") -> None:
    """Take the installation's key, and former ones, comma separated: 32 bytes in base64url each.

    Raises `VaultError` for anything else.
    """
    former = [_decoded(one.strip(), "ENCOURS_KEK_OLD") for one in old.split(",") if one.strip()]
    _ring[:] = list(dict.fromkeys([_decoded(kek), *former]))


def key_ids() -> list[str]:
    """The names of the installation's keys, the one in force first: what `encours secrets rotate` and errors call them."""
    return [named(_mark(key)) for key in _ring]


def named(mark: bytes) -> str:
    """An installation key's name, by its mark: eight hexadecimal signs, which tell nothing of it."""
    return mark[:4].hex()


def new_data_key(kek: str | None = None, *, version: int = KEY_VERSION) -> bytes:
    """A new data key for a cabinet, wrapped by `kek` (by default the one in force): `Cabinet.data_key`."""
    key = _decoded(kek) if kek is not None else _configured()
    return _wrapped(key, secrets.token_bytes(KEY_BYTES), _mark(key), version)


def described(data_key: bytes, cabinet_id: int) -> Wrapped:
    """A wrapped data key's parts. Raises `VaultError` for a layout that is not known."""
    kind, rest = data_key[:1], data_key[1:]
    if kind == FIRST:
        mark, rest = rest[:MARK_BYTES], rest[MARK_BYTES:]
        return Wrapped(kind, mark, b"", KEY_VERSION, rest[:NONCE_BYTES], rest[NONCE_BYTES:])
    if kind != FORMAT:
        raise VaultError(f"la clé de données du cabinet {cabinet_id} est d'un format inconnu\u202f: reprenez la dernière version")
    mark, born, rest = rest[:MARK_BYTES], rest[MARK_BYTES : 2 * MARK_BYTES], rest[2 * MARK_BYTES :]
    version, rest = int.from_bytes(rest[:VERSION_BYTES], "big"), rest[VERSION_BYTES:]
    return Wrapped(kind, mark, born, version, rest[:NONCE_BYTES], rest[NONCE_BYTES:])


def rewrapped(data_key: bytes, cabinet_id: int) -> bytes:
    """The same data key under the installation's key in force. Raises `VaultError` where no key here opens it."""
    known = described(data_key, cabinet_id)
    return _wrapped(_configured(), _opened(known, cabinet_id), known.born or known.mark, known.version)


def renew(session: TenantSession) -> int:
    """Give the session's cabinet a new data key and encrypt all it keeps under it, in this transaction; how many secrets.

    Raises `VaultError`, naming the row, where one cannot be opened: nothing is changed then.
    """
    cabinet = session.get_one(Cabinet, session.require_cabinet(), with_for_update=True)
    known = described(cabinet.data_key, cabinet.id)
    fresh = new_data_key(version=known.version + 1)
    before = AESGCM(_opened(known, cabinet.id))
    after = AESGCM(_opened(described(fresh, cabinet.id), cabinet.id))
    rows = session.scalars(select(Secret).order_by(Secret.id)).all()
    for row in rows:
        value = _decrypted(session, before, row)
        row.key_version, row.nonce = known.version + 1, secrets.token_bytes(NONCE_BYTES)
        row.ciphertext = after.encrypt(row.nonce, value, _place(session, row.owner, row.field, row.key_version))
    cabinet.data_key = fresh
    session.flush()
    return len(rows)


def derived(purpose: bytes) -> list[bytes]:
    """Keys for one purpose, made from the installation's, the one in force first: what it signs, no holder of the database
    alone can sign; what a former one signed can still be checked."""
    _configured()
    return [hmac.digest(key, purpose, "sha256") for key in _ring]


def seal(session: TenantSession, owner: str, field: str, value: bytes) -> None:
    """Keep a secret of the session's cabinet; one that was there before under the same name is replaced."""
    nonce, (cipher, version) = secrets.token_bytes(NONCE_BYTES), _cipher(session)
    sealed = cipher.encrypt(nonce, value, _place(session, owner, field, version))
    row = _row(session, owner, field)
    if row is None:
        row = Secret(owner=owner, field=field)
        session.add(row)
    row.key_version, row.nonce, row.ciphertext = version, nonce, sealed
    session.flush()


def unseal(session: TenantSession, owner: str, field: str) -> bytes | None:
    """The secret, or None where there is none. Raises `VaultError` for one that was altered or moved."""
    row = _row(session, owner, field)
    if row is None:
        return None
    cipher, version = _cipher(session)
    if row.key_version != version:  # the cabinet's key may have been renewed between the two reads
        session.refresh(row)
    return _decrypted(session, cipher, row)


def unseal_many(session: TenantSession, owners: Collection[str], field: str) -> dict[str, bytes]:
    """Owner → the secret, for those of several that have one: two queries. Raises `VaultError` as `unseal` does."""
    wanted = select(Secret).where(Secret.owner.in_(sorted(owners)), Secret.field == field)
    rows = session.scalars(wanted).all() if owners else ()
    cipher, version = _cipher(session) if rows else (None, 0)
    found: dict[str, bytes] = {}
    for row in rows:
        if row.key_version != version:  # as in `unseal`
            session.refresh(row)
        assert cipher is not None, "rows come with a cipher"
        found[row.owner] = _decrypted(session, cipher, row)
    return found


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


def _cipher(session: TenantSession) -> tuple[AESGCM, int]:
    """What opens the cabinet's secrets, and its key's version."""
    cabinet_id = session.require_cabinet()
    known = described(session.scalars(select(Cabinet.data_key).where(Cabinet.id == cabinet_id)).one(), cabinet_id)
    return AESGCM(_opened(known, cabinet_id)), known.version


def _decrypted(session: TenantSession, cipher: AESGCM, row: Secret) -> bytes:
    try:
        return cipher.decrypt(row.nonce, row.ciphertext, _place(session, row.owner, row.field, row.key_version))
    except InvalidTag as error:
        raise VaultError(f"le secret {row.owner}/{row.field} a été altéré ou n'est pas de ce cabinet") from error


def _opened(known: Wrapped, cabinet_id: int) -> bytes:
    """A data key in clear."""
    _configured()
    key = next((one for one in _ring if _mark(one) == known.mark), None)
    if key is None:
        raise VaultError(
            f"la clé de données du cabinet {cabinet_id} a été protégée par la clé d'installation {named(known.mark)}, une autre "
            f"ENCOURS_KEK que celles de cette installation ({', '.join(key_ids())})\u202f: remettez-la dans ENCOURS_KEK_OLD, "
            "puis redémarrez"
        )
    try:
        return AESGCM(key).decrypt(known.nonce, known.sealed, known.head)
    except InvalidTag as error:
        raise VaultError(f"la clé de données du cabinet {cabinet_id} a été altérée") from error


def _wrapped(kek: bytes, key: bytes, born: bytes, version: int) -> bytes:
    made = Wrapped(FORMAT, _mark(kek), born, version, secrets.token_bytes(NONCE_BYTES), b"")
    sealed = AESGCM(kek).encrypt(made.nonce, key, made.head)
    return made.head.removeprefix(_WRAP) + made.nonce + sealed


def _place(session: TenantSession, owner: str, field: str, version: int) -> bytes:
    return f"{session.require_cabinet()}|{owner}|{field}|{version}".encode()


def _configured() -> bytes:
    if not _ring:
        raise VaultError("aucune ENCOURS_KEK n'est configurée")
    return _ring[0]


def _decoded(kek: str, name: str = "ENCOURS_KEK") -> bytes:
    try:
        key = base64.b64decode(kek + "=" * (-len(kek) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise VaultError(f"{name} doit être écrite en base64url") from error
    if len(key) != KEY_BYTES:
        raise VaultError(f"{name} doit compter {KEY_BYTES} octets, elle en compte {len(key)}")
    return key


def _mark(key: bytes) -> bytes:
    """Which key this is, without telling it: so that a restore under another key is said as such."""
    return hashlib.sha256(b"encours|kek-mark|" + key).digest()[:MARK_BYTES]
