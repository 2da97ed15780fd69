"""Secrets at rest: PLP-111."""

from __future__ import annotations

import base64
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.cabinets.models import Secret
from core.db.model import Base
from core.extensions import db
from tests import databases

CORE = Path(vault.__file__).parents[1]
KEK = base64.urlsafe_b64encode(b"k" * 32).decode()
OTHER = base64.urlsafe_b64encode(b"o" * 32).decode()


@pytest.fixture
def cabinets(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Two cabinets on a database of their own."""
    vault.configure(KEK)
    for models in sorted(CORE.glob("*/models.py")):
        importlib.import_module(f"core.{models.parent.name}.models")
    db.open(databases.url(tmp_path), check=True)
    Base.metadata.create_all(db.engine)
    with db.session(None) as session:
        rows = [Cabinet(slug=slug, name=slug, data_key=vault.new_data_key()) for slug in ("un", "deux")]
        session.add_all(rows)
        session.flush()
        ids = rows[0].id, rows[1].id
    yield ids
    db.close()
    vault.configure(KEK)


@pytest.mark.parametrize("value", [b"", b"whsec_secret", bytes(range(256)), b"x" * 100_000])
def test_kept_and_read(cabinets: tuple[int, int], value: bytes) -> None:
    """PLP-111: what went in comes out, and is not what lies there."""
    with db.session(cabinets[0]) as session:
        vault.seal(session, "link:nomineo", "webhook-secret", value)
    with db.session(cabinets[0], write=False) as session:
        assert vault.unseal(session, "link:nomineo", "webhook-secret") == value
        row = session.scalars(select(Secret)).one()
        assert len(row.ciphertext) == len(value) + 16
        assert not value or value not in row.ciphertext


def test_several_are_read_at_once(cabinets: tuple[int, int]) -> None:
    """CO-05: those of several owners that have one, by owner; none of another cabinet's; one that was altered is told."""
    for cabinet in cabinets:
        with db.session(cabinet) as session:
            for name in ("a", "b"):
                vault.seal(session, f"essai:{name}", "text", f"{name}{cabinet}".encode())
    with db.session(cabinets[0]) as session:
        wanted = ["essai:a", "essai:b", "essai:rien"]
        known = {f"essai:{name}": f"{name}{cabinets[0]}".encode() for name in ("a", "b")}
        assert vault.unseal_many(session, wanted, "text") == known
        assert vault.unseal_many(session, [], "text") == vault.unseal_many(session, wanted, "autre") == {}
        row = session.scalars(select(Secret).where(Secret.owner == "essai:b")).one()
        row.ciphertext = row.ciphertext[:-1] + bytes([row.ciphertext[-1] ^ 1])
        session.flush()
        with pytest.raises(vault.VaultError, match="essai:b/text"):
            vault.unseal_many(session, wanted, "text")


def test_replaced_and_forgotten(cabinets: tuple[int, int]) -> None:
    """PLP-111: one value a name, a new nonce each time; forgetting takes a field or an owner."""
    with db.session(cabinets[0]) as session:
        vault.seal(session, "a", "one", b"1")
        nonce = session.scalars(select(Secret)).one().nonce
        vault.seal(session, "a", "one", b"2")
        vault.seal(session, "a", "two", b"3")
        vault.seal(session, "b", "one", b"4")
        assert session.scalars(select(Secret.nonce).where(Secret.owner == "a", Secret.field == "one")).one() != nonce
        assert vault.unseal(session, "a", "one") == b"2"
        vault.forget(session, "a", "one")
        assert vault.unseal(session, "a", "one") is None
        assert vault.unseal(session, "a", "two") == b"3"
        vault.forget(session, "a")
        assert vault.unseal(session, "a", "two") is None
        assert vault.unseal(session, "b", "one") == b"4"


def test_another_cabinet_sees_nothing(cabinets: tuple[int, int]) -> None:
    """PLP-111: neither by name nor by a copied row."""
    first, second = cabinets
    with db.session(first) as session:
        vault.seal(session, "a", "f", b"mine")
        row = session.scalars(select(Secret)).one()
        copied = {"nonce": row.nonce, "ciphertext": row.ciphertext, "owner": "a", "field": "f"}
    with db.session(second) as session:
        assert vault.unseal(session, "a", "f") is None
        session.add(Secret(**copied))
        session.flush()
        with pytest.raises(vault.VaultError, match="n'est pas de ce cabinet"):
            vault.unseal(session, "a", "f")


def test_two_cabinets_with_one_data_key(cabinets: tuple[int, int]) -> None:
    """PLP-111: the cabinet is authenticated too: even the same key does not open a copied row."""
    with db.session(None) as session:
        one, two = session.get(Cabinet, cabinets[0]), session.get(Cabinet, cabinets[1])
        assert one is not None
        assert two is not None
        two.data_key = one.data_key
    with db.session(cabinets[0]) as session:
        vault.seal(session, "a", "f", b"mine")
        row = session.scalars(select(Secret)).one()
        copied = {"nonce": row.nonce, "ciphertext": row.ciphertext, "owner": "a", "field": "f"}
    with db.session(cabinets[1]) as session:
        session.add(Secret(**copied))
        session.flush()
        with pytest.raises(vault.VaultError):
            vault.unseal(session, "a", "f")


@pytest.mark.parametrize(
    ("name", "value"), [("owner", "other"), ("field", "other"), ("key_version", 2), ("nonce", b"0" * 12)]
)
def test_a_moved_row_does_not_open(cabinets: tuple[int, int], name: str, value: object) -> None:
    """PLP-111: AAD cabinet|partner|field|key_version."""
    with db.session(cabinets[0]) as session:
        vault.seal(session, "a", "f", b"mine")
        setattr(session.scalars(select(Secret)).one(), name, value)
        session.flush()
        moved = {"owner": "a", "field": "f", name: value}
        with pytest.raises(vault.VaultError):
            vault.unseal(session, str(moved["owner"]), str(moved["field"]))


def test_an_altered_row_does_not_open(cabinets: tuple[int, int]) -> None:
    """PLP-111: each bit is authenticated; the error tells no value."""
    with db.session(cabinets[0]) as session:
        vault.seal(session, "a", "f", b"mine")
        row = session.scalars(select(Secret)).one()
        row.ciphertext = bytes([row.ciphertext[0] ^ 1]) + row.ciphertext[1:]
        session.flush()
        with pytest.raises(vault.VaultError) as caught:
            vault.unseal(session, "a", "f")
    assert "mine" not in str(caught.value)


def test_another_installation_key_is_named(cabinets: tuple[int, int]) -> None:
    """Reliability 3.1: a restore under the wrong key refuses clearly, before anything is decrypted."""
    with db.session(cabinets[0]) as session:
        vault.seal(session, "a", "f", b"mine")
    vault.configure(OTHER)
    with db.session(cabinets[0]) as session, pytest.raises(vault.VaultError, match="autre ENCOURS_KEK"):
        vault.unseal(session, "a", "f")


@pytest.mark.parametrize(("at", "said"), [(0, "format inconnu"), (-1, "altérée"), (12, "altérée")])
def test_an_altered_data_key(cabinets: tuple[int, int], at: int, said: str) -> None:
    """PLP-111: the wrapped key is authenticated as well."""
    with db.session(cabinets[0]) as session:
        cabinet = session.scalars(select(Cabinet).where(Cabinet.id == cabinets[0])).one()
        broken = bytearray(cabinet.data_key)
        broken[at] ^= 1
        cabinet.data_key = bytes(broken)
        session.flush()
        with pytest.raises(vault.VaultError, match=said):
            vault.seal(session, "a", "f", b"x")


def test_each_cabinet_has_its_own_data_key() -> None:
    """PLP-111: no two wrapped keys are alike, and none shows its key."""
    keys = {vault.new_data_key(KEK) for _ in range(50)}
    assert len(keys) == 50
    assert all(b"k" * 8 not in key for key in keys)


@pytest.mark.parametrize("kek", ["", "short", "é" * 43, "!" * 43, base64.urlsafe_b64encode(b"k" * 31).decode()])
def test_a_bad_installation_key(kek: str) -> None:
    """PLP-111: 32 bytes in base64url, or a clear refusal."""
    with pytest.raises(vault.VaultError, match="ENCOURS_KEK"):
        vault.configure(kek)
    vault.configure(KEK)
