"""`encours secrets rotate`: a new installation key goes over all that the former one protects (PLP-111, PL-08)."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from click.testing import Result
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import LargeBinary
from sqlalchemy import select

from core import config as configuration
from core.auth import second_factor
from core.cabinets import anchors
from core.cabinets import audit_proof
from core.cabinets import rotation
from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.cabinets.models import Secret
from core.cli import cli
from core.config import Config
from core.db.model import Base
from core.extensions import db
from core.links import keys
from tests.conftest import KEK
from tests.conftest import People
from tests.conftest import sign_in

NEW = base64.urlsafe_b64encode(b"n" * 32).decode()
THIRD = base64.urlsafe_b64encode(b"t" * 32).decode()
ROOT = Path(__file__).parents[3]
#: Columns of bytes: what is in each, and why it is safe.
BYTES = {
    "cabinet.data_key": "wrapped by the installation's key", "secret.nonce": "of the ciphertext beside it",
    "secret.ciphertext": "under the cabinet's data key", "user_photo.image": "a photo, in clear",
    "link_inbox.body": "a partner's message, in clear", "api_reply.body": "what the API answered, in clear, for a day",
    "brand_logo.image": "a logo, in clear", "brand_logo.screen": "the same",
}  # fmt: skip


def environment(config: Config, kek: str, old: str = "") -> dict[str, str]:
    return {
        "ENCOURS_DATABASE_URL": config.database_url, "ENCOURS_VAR_DIR": config.var_dir, "ENCOURS_SECRET_KEY": config.secret_key,
        "ENCOURS_KEK": kek, "ENCOURS_KEK_OLD": old, "ENCOURS_BASE_URL": config.base_url, "ENCOURS_ONE_ROLE": "1",
    }  # fmt: skip


@pytest.fixture
def kept(app: Flask, people: People, strangers: People, config: Config) -> Iterator[list[int]]:
    """Two cabinets that keep one of each: a second factor, a partner's private key, a webhook secret; and anchors."""
    numbers = [people.cabinet_id, strangers.cabinet_id]
    for one in (people, strangers):
        with db.session(one.cabinet_id) as session:
            secret = second_factor.begin(session, one.adviser)
            assert second_factor.confirm(session, one.adviser, pyotp.TOTP(secret).now())
            keys.signing_key(session)
            vault.seal(session, "link:nomineo", "webhook-secret", f"whsec-{one.slug}".encode())
            anchors.drop(session, Path(config.var_dir))
    yield numbers
    vault.configure(KEK)


def opened(number: int) -> dict[tuple[str, str], bytes | None]:
    """All that a cabinet keeps, in clear."""
    with db.session(number, write=False) as session:
        return {(row.owner, row.field): vault.unseal(session, row.owner, row.field) for row in session.scalars(select(Secret))}


def rows() -> list[tuple[bytes, ...]]:
    """What lies in the database."""
    found: list[tuple[bytes, ...]] = []
    with db.session(None, write=False) as session:
        known = session.execute(select(Cabinet.id, Cabinet.data_key).order_by(Cabinet.id)).all()
    for number, data_key in known:
        with db.session(number, write=False) as session:
            found.append((data_key, *session.scalars(select(Secret.ciphertext).order_by(Secret.id))))
    return found


def run(config: Config, kek: str, old: str, *options: str) -> Result:
    """The command, by the operator; the application under test then opens the same database again."""
    done = CliRunner(env=environment(config, kek, old)).invoke(cli, ["secrets", "rotate", *options])
    db.open(config.database_url, check=True)
    return done


def test_a_new_key_takes_over(kept: list[int], config: Config) -> None:
    """PLP-111: said by the dry run, done, not done twice; then the former key is not needed, and all is still there."""
    before, lying = [opened(number) for number in kept], rows()
    assert all(len(found) == 3 for found in before)
    said = run(config, NEW, KEK, "--dry-run", "--data")
    assert said.exit_code == 0, said.output
    assert "À protéger de nouveau : 2 clés de données" in said.output
    assert "À remplacer : 2 clés de données" in said.output
    assert "les ancrages du journal de 2 cabinets" in said.output
    assert rows() == lying
    done = run(config, NEW, KEK)
    assert done.exit_code == 0, done.output
    assert "2 à l'instant, 2 cabinets en tout" in done.output
    assert "Plus rien ne dépend de" in done.output
    assert "Ancrages du journal signés de nouveau : 2 fichiers" in done.output
    assert [one[1:] for one in rows()] == [one[1:] for one in lying]  # the secrets themselves were not touched
    now = rows()
    again = run(config, NEW, KEK)
    assert "0 à l'instant" in again.output
    assert "signés de nouveau : 0" in again.output
    assert rows() == now
    vault.configure(NEW)
    assert [opened(number) for number in kept] == before
    for number in kept:
        with db.session(number, write=False) as session:
            assert anchors.verify(session, Path(config.var_dir)).fault is None
            assert audit_proof.verify(session).fault is None
    vault.configure(KEK)
    with pytest.raises(vault.VaultError, match="ENCOURS_KEK_OLD"):
        opened(kept[0])


def test_data_is_encrypted_anew_once(kept: list[int], config: Config) -> None:
    """PLP-111: `--data` gives each cabinet another data key, also after a plain rotation; a second run changes nothing."""
    before = [opened(number) for number in kept]
    assert run(config, NEW, KEK).exit_code == 0
    lying = rows()
    done = run(config, NEW, KEK, "--data")
    assert "Clés de données remplacées : 2 ; secrets rechiffrés : 6" in done.output
    assert all(set(old).isdisjoint(new) for old, new in zip(lying, rows(), strict=True))
    now = rows()
    assert "remplacées : 0 ; secrets rechiffrés : 0" in run(config, NEW, KEK, "--data").output
    assert rows() == now
    vault.configure(NEW)
    assert [opened(number) for number in kept] == before
    with db.session(kept[0]) as session:
        vault.seal(session, "a", "f", b"after")
        assert vault.unseal(session, "a", "f") == b"after"
        assert set(session.scalars(select(Secret.key_version))) == {2}


def test_a_key_of_the_first_layout(kept: list[int], config: Config) -> None:
    """PLP-111: data keys that earlier versions wrote are read, and are written anew by a rotation."""
    with db.session(kept[0]) as session:
        cabinet = session.get_one(Cabinet, kept[0])
        clear = vault._opened(vault.described(cabinet.data_key, cabinet.id), cabinet.id)
        mark, nonce = vault._mark(b"k" * 32), b"0" * 12
        cabinet.data_key = vault.FIRST + mark + nonce + AESGCM(b"k" * 32).encrypt(nonce, clear, b"encours|data-key|1")
    before = opened(kept[0])
    assert len(before) == 3
    assert "1 à l'instant" in run(config, KEK, "").output
    assert opened(kept[0]) == before


@pytest.mark.parametrize(("point", "nth"), [("commit:after", 1), ("commit:before", 2)])
def test_killed_in_the_middle(kept: list[int], config: Config, point: str, nth: int, tmp_path: Path) -> None:
    """PLP-111: kill -9 around each cabinet's commit: both keys open everything at once, and the next run goes on."""
    before = [opened(number) for number in kept]
    fault = tmp_path / "fault"
    fault.write_text(f"secrets {point} {nth}", "utf-8")
    armed = {**os.environ, **environment(config, NEW, KEK), "ENCOURS_FAULT": str(fault), "ENCOURS_DEMO": "1"}
    killed = subprocess.run(
        [sys.executable, "-m", "core.cli", "secrets", "rotate", "--data"], env=armed, cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    vault.configure(NEW, KEK)
    assert [opened(number) for number in kept] == before
    left = 2 - (nth - 1) - (point == "commit:after")
    assert len(rotation.survey(Path(config.var_dir)).stale) == left
    assert f"Clés de données remplacées : {left}" in run(config, NEW, KEK, "--data").output
    vault.configure(NEW)
    assert [opened(number) for number in kept] == before


def test_a_key_that_is_not_here(kept: list[int], config: Config, app: Flask) -> None:
    """PLP-111: it is named with what to do, other cabinets go on; pages that need no secret are up, the others say so."""
    with db.session(None) as session:
        session.get_one(Cabinet, kept[1]).data_key = vault.new_data_key(THIRD)
    done = run(config, NEW, KEK)
    assert done.exit_code == 1
    assert "1 à l'instant, 2 cabinets en tout" in done.output
    assert re.search(r"second : la clé .* clé d'installation [0-9a-f]{8}.* remettez-la dans ENCOURS_KEK_OLD", done.output)
    vault.configure(NEW)
    client = app.test_client()
    sign_in(client, "administrateur@second.example")
    assert client.get("/mon-compte").status_code == 200
    stranger = app.test_client()
    token = stranger.get("/connexion").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    stranger.post("/connexion", data={"email": "conseiller@second.example", "password": "Demo-2026!", "csrf_token": token})
    token = stranger.get("/connexion/code").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    answer = stranger.post("/connexion/code", data={"code": "123456", "csrf_token": token})
    assert answer.status_code == 503
    assert "Un secret du cabinet ne peut pas être lu" in answer.get_data(as_text=True)
    assert "ENCOURS_KEK" not in answer.get_data(as_text=True)


def test_a_key_that_is_no_key(config: Config) -> None:
    """PLP-111: a former key badly copied refuses to start, and says which variable it is."""
    with pytest.raises(vault.VaultError, match="ENCOURS_KEK_OLD doit être écrite"):
        vault.configure(KEK, f"{NEW},é")
    assert len(vault.key_ids()) == 1
    assert NEW not in repr(replace(config, kek=NEW, kek_old=NEW))
    configuration.use(config)


def test_no_encrypted_column_is_forgotten(app: Flask) -> None:
    """PLP-111: what is encrypted is encrypted by the vault, which a rotation walks; a new column of bytes says what is in it."""
    held = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert held == set(BYTES), "say in BYTES what the column holds; if it is encrypted, `core.cabinets.rotation` must go over it"
    ciphers = re.compile(r"AESGCM|Fernet|ChaCha20|Cipher\(|JWE|jwe")
    found = [path for folder in ("core", "plugins") for path in (ROOT / folder).rglob("*.py") if ciphers.search(path.read_text())]
    used = {str(path.relative_to(ROOT)) for path in found if "simulator" not in path.parts}  # the extranet has a house of its own
    assert used == {"core/cabinets/vault.py", "core/links/saml/encryption.py"}, "the latter is kept nowhere"
    kept = re.compile(r"vault\.derived\(")
    assert [path.name for path in (ROOT / "core").rglob("*.py") if kept.search(path.read_text())] == ["anchors.py"]
