"""The cabinet's own keys: PLP-016, PLP-017, PLP-020, PLP-111."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.cabinets import vault
from core.cabinets.models import Secret
from core.db.clock import now
from core.db.clock import shifted
from core.extensions import db
from core.links import keys
from core.links.models import SigningKey
from tests import databases
from tests.core.auth.oidc_world import World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = World(tmp_path, monkeypatch)
    yield made
    made.close()


def test_made_once(world: World) -> None:
    """PLP-016: at the first need, then the same; each cabinet its own."""
    second = world.make("second")
    with db.session(world.party.cabinet_id) as session:
        kid, key = keys.signing_key(session)
        assert (key.curve_name, key.thumbprint()) == ("P-256", kid)
    with db.session(world.party.cabinet_id, write=False) as session:
        assert keys.signing_key(session)[0] == kid
        assert keys.thumbprints(session) == [kid]
    with db.session(second.cabinet_id) as session:
        assert keys.signing_key(session)[0] != kid


def test_made_from_a_session_that_only_reads(world: World) -> None:
    """PLP-016: a signed request may be the first need of all; the key outlives the reading session."""
    with db.session(world.party.cabinet_id, write=False) as session:
        kid, _ = keys.signing_key(session)
    with db.session(world.party.cabinet_id, write=False) as session:
        assert keys.thumbprints(session) == [kid]


def test_two_threads_make_one_key(world: World) -> None:
    """PLP-017: two thumbprints at once would put one on the paper and sign with the other."""
    barrier, found = threading.Barrier(3), []

    def go(write: bool) -> None:
        barrier.wait()
        with db.session(world.party.cabinet_id, write=write) as session:
            found.append(keys.signing_key(session)[0])

    threads = [threading.Thread(target=go, args=(write,)) for write in (True, False, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
    assert world.count(SigningKey) == 1


def test_the_private_part_is_at_rest_encrypted(world: World) -> None:
    """PLP-111: not in the key's row, not readable in the vault's, in no row of any table."""
    with db.session(world.party.cabinet_id) as session:
        kid, key = keys.signing_key(session)
        private = str(key.as_dict(private=True)["d"])
        row = session.scalars(select(SigningKey)).one()
        assert "d" not in row.public
        assert vault.unseal(session, f"link-key:{kid}", "private") is not None
    raw = repr(databases.rows(world.config.database_url))
    assert kid in raw
    assert private not in raw
    assert private.encode().hex() not in raw


def test_a_retired_key_stays_seven_days(world: World) -> None:
    """PLP-020: still shown and still trusted, no longer signed with; then gone from both."""
    with db.session(world.party.cabinet_id) as session:
        old, _ = keys.signing_key(session)
        session.scalars(select(SigningKey)).one().retired_at = now()
        session.flush()
        new, _ = keys.signing_key(session)
        assert new != old
        assert keys.thumbprints(session) == [new, old]
        assert {key["kid"] for key in keys.jwks(session)["keys"]} == {old, new}
    with shifted(timedelta(days=7, seconds=1)), db.session(world.party.cabinet_id, write=False) as session:
        assert {key["kid"] for key in keys.jwks(session)["keys"]} == {new}
        assert keys.thumbprints(session) == [new]


def test_a_lost_private_part_is_said(world: World) -> None:
    """PLP-111: never a silent new key: the paper names the old one."""
    with db.session(world.party.cabinet_id) as session:
        keys.signing_key(session)
        session.delete(session.scalars(select(Secret)).one())
    with db.session(world.party.cabinet_id) as session, pytest.raises(vault.VaultError, match="n'est plus au coffre"):
        keys.sign(session, {}, typ="JWT")
