# ruff: noqa: S608 - the statements of a hand below the walls
"""The journal: only added to, purged with a certificate, and every tampering below it found (security-reliability.md §2.4)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from core.cabinets import anchors
from core.cabinets import audit
from core.cabinets import audit_proof
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.cabinets.models import AuditPurge
from core.cli import cli
from core.config import Config
from core.db.clock import today
from core.db.errors import DomainError
from core.extensions import db
from core.jobs import journal
from tests import databases
from tests.conftest import People

Below = Callable[..., None]


@pytest.fixture
def below(config: Config) -> Below:
    """A hand below all walls, triggers off."""

    def change(*statements: str) -> None:
        with databases.below(config.database_url) as hand:
            databases.lower_journal(hand)
            for statement in statements:
                hand.execute(statement)

    return change


@pytest.fixture
def chain(people: People) -> int:
    """Ten links more; how many there are."""
    with db.session(people.cabinet_id) as session:
        for number in range(10):
            audit.record(session, "cli", "essai", f"x:{number}", {"n": number})
        return session.scalars(select(func.max(AuditEntry.seq))).one()


def verified(people: People, config: Config) -> audit_proof.Verified:
    with db.session(people.cabinet_id, write=False) as session:
        return anchors.verify(session, Path(config.var_dir))


def anchored(people: People, config: Config) -> bool:
    with db.session(people.cabinet_id, write=False) as session:
        return anchors.drop(session, Path(config.var_dir))


# --- the database refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(action="autre"), update(AuditEntry).values(seq=AuditEntry.seq + 100), delete(AuditEntry),
        update(AuditPayload).values(salt="x"), delete(AuditPayload), update(AuditPurge).values(last_seq=9), delete(AuditPurge),
    ],
)  # fmt: skip
def test_the_journal_is_only_added_to(people: People, chain: int, config: Config, statement: object) -> None:
    """No statement of the product changes or deletes a line, a payload or a certificate."""
    with db.session(people.cabinet_id) as session:
        audit.purge(session, "cli", [1], reason="essai")
    with pytest.raises(DBAPIError, match=r"journal|permission denied"), db.session(people.cabinet_id) as session:
        session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[attr-defined]
    assert verified(people, config) == audit_proof.Verified(chain + 1, 1, None, (f"expurgé le {_day()} : entrées 1 à 1",))


def _day() -> str:
    return f"{today():%d/%m/%Y}"


def test_what_is_hashed_is_always_written_the_same() -> None:
    """architecture.md §5: chains of years ago verify; the figure was reckoned with `json.dumps` and `hashlib` alone."""
    payload = {"é": "Durand", "a": None, "b": {"z": [1, True], "c": "x\u0001"}}
    assert audit.payload_hash("00", payload) == "0c83b0d001ce93c6e5f95938b72b883297139d4170c0f69e6ca0115876205e13"


def test_many_links_are_those_of_one_by_one(people: People, chain: int) -> None:
    """architecture.md §5: written together, links have a salt each and verify as any."""
    with db.session(people.cabinet_id) as session:
        before = len(list(session.scalars(select(AuditEntry.seq))))
        audit.record_many(session, "cli", [("contact.added", f"contact:{one}", {"n": one}) for one in range(5)])
        salts = list(session.scalars(select(AuditPayload.salt)))
        assert len(set(salts)) == len(salts) == before + 5
        assert {len(one) for one in salts} == {32}
        for entry, payload in session.execute(select(AuditEntry, AuditPayload).where(AuditPayload.entry_id == AuditEntry.id)):
            assert entry.payload_hash == audit.payload_hash(payload.salt, payload.payload)
            assert entry.hash == audit.entry_hash(entry)


def test_a_purge_is_written_in_the_chain(people: People, strangers: People, chain: int, config: Config) -> None:
    """architecture.md §5: contents go, links stay; one line a range says how many, which, why; nobody else's go."""
    with db.session(people.cabinet_id) as session:
        assert audit.purge(session, "cli", [2, 3, 4, 8, 999], reason=" Durée de conservation ") == 4
        written = session.scalars(select(AuditEntry).where(AuditEntry.action == audit.PURGED).order_by(AuditEntry.seq)).all()
        assert [entry.subject for entry in written] == ["audit:2-4", "audit:8-8"]
        said = session.scalars(select(AuditPayload.payload).where(AuditPayload.entry_id == written[0].id)).one()
        assert (said["count"], said["reason"], len(said["digest"])) == (3, "Durée de conservation", 64)
        assert audit.purge(session, "cli", [2, 3], reason="encore") == 0
        with pytest.raises(DomainError, match="pourquoi"):
            audit.purge(session, "cli", [5], reason=" ")
    found = verified(people, config)
    assert (found.entries, found.purged, found.fault) == (chain + 2, 4, None)
    assert found.purges == (f"expurgé le {_day()} : entrées 2 à 4", f"expurgé le {_day()} : entrées 8 à 8")
    assert (verified(strangers, config).purged, verified(strangers, config).fault) == (0, None)


# --- the proof finds ---------------------------------------------------------------------------------------------------

_SEVENTH = "SELECT id FROM audit_entry WHERE seq = 7 AND cabinet_id = 1"
_TAKEN = [
    f"DELETE FROM audit_payload WHERE entry_id = ({_SEVENTH})",
    "DELETE FROM audit_entry WHERE seq = 7 AND cabinet_id = 1",
]
#: For each way: what is done below the walls, what is said of it.
TAMPERED = {
    "edit": (["UPDATE audit_entry SET actor = 'personne' WHERE seq = 7 AND cabinet_id = 1"], "entrée 7 modifiée"),
    "delete": (_TAKEN, "entrée 7 absente"),
    "reorder": (
        [f"UPDATE audit_entry SET seq = {to} WHERE seq = {of} AND cabinet_id = 1" for of, to in ((7, 999), (8, 7), (999, 8))],
        "entrée 7 modifiée",
    ),
    "close up": (
        [*_TAKEN, *(f"UPDATE audit_entry SET seq = {n} WHERE seq = {n + 1} AND cabinet_id = 1" for n in range(7, 30))],
        "entrée 7 modifiée",
    ),
    "payload": (
        [f"UPDATE audit_payload SET payload = '{{\"n\": 999}}' WHERE entry_id = ({_SEVENTH})"], "contenu de l'entrée 7 modifié",
    ),
    "payload gone": (_TAKEN[:1], "contenu de l'entrée 7 supprimé sans expurgation"),
    "forged certificate": (
        [f"INSERT INTO audit_purge SELECT 1, 'x', id, 1, 7, at FROM audit_entry WHERE id = ({_SEVENTH})", _TAKEN[0]],
        "contenu de l'entrée 7 supprimé sans expurgation",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_touched_below_is_found(
    people: People, strangers: People, chain: int, config: Config, below: Below, how: str
) -> None:
    """Edit, deletion, another order, a content changed or gone: the first touched line is named; others stay proven."""
    statements, fault = TAMPERED[how]
    assert verified(people, config).fault is None
    below(*statements)
    assert verified(people, config).fault == fault
    assert verified(strangers, config).fault is None


def cut(below: Below, first: int) -> None:
    of = f"SELECT id FROM audit_entry WHERE seq >= {first} AND cabinet_id = 1"
    below(
        f"DELETE FROM audit_payload WHERE cabinet_id = 1 AND entry_id IN ({of})",
        f"DELETE FROM audit_entry WHERE seq >= {first} AND cabinet_id = 1",
    )


def test_a_cut_end_shows_against_the_anchor(
    people: People, chain: int, config: Config, below: Below, caplog: pytest.LogCaptureFixture
) -> None:
    """Truncation leaves a whole chain: only what is kept apart tells; no new anchor covers it up."""
    assert anchored(people, config)
    cut(below, chain - 2)
    assert (verified(people, config).fault or "").endswith(f"comptait {chain} entrées")
    with caplog.at_level(logging.ERROR, "encours.audit"):
        assert not anchored(people, config)
    assert "does not hold its anchor" in caplog.text


def test_an_end_written_anew_shows_against_the_anchor(people: People, chain: int, config: Config, below: Below) -> None:
    """Cut and grown again to the same length: whole in itself, and not what was anchored."""
    anchored(people, config)
    cut(below, chain - 2)
    with db.session(people.cabinet_id) as session:
        for number in range(5):
            audit.record(session, "cli", "essai", f"y:{number}", {})
    assert f"entrée {chain} réécrite depuis l'ancrage" in (verified(people, config).fault or "")
    assert not anchored(people, config)


def test_anchors_go_on_with_the_chain(people: People, chain: int, config: Config, caplog: pytest.LogCaptureFixture) -> None:
    """One line a change, in the file and in the log; none where nothing happened; the periodic work does it."""
    file = anchors.file_of(Path(config.var_dir), people.cabinet_id)
    with caplog.at_level(logging.INFO, "encours.audit"):
        journal.anchor(people.cabinet_id)
        journal.anchor(people.cabinet_id)
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["mac"] in caplog.text
    assert file.stat().st_mode & 0o777 == 0o600
    with db.session(people.cabinet_id) as session:
        audit.record(session, "cli", "essai", "x:11", {})
    journal.anchor(people.cabinet_id)
    assert [anchor.count for anchor in anchors.read(file).anchors] == [chain, chain + 1]
    assert verified(people, config).fault is None


def test_a_line_of_the_file_cannot_be_made_or_taken(people: People, chain: int, config: Config) -> None:
    """Edited, without the first line, or another cabinet's: said as such, and nothing is added to it."""
    file = anchors.file_of(Path(config.var_dir), people.cabinet_id)
    for number in range(2):
        with db.session(people.cabinet_id) as session:
            audit.record(session, "cli", "essai", f"z:{number}", {})
        journal.anchor(people.cabinet_id)
    whole = file.read_text("utf-8")
    first, second = whole.splitlines()
    changed = json.dumps({**json.loads(second), "count": 3})
    other = json.dumps({**json.loads(first), "cabinet": 2})
    for text, line in ((f"{first}\n{changed}\n", 2), (f"{second}\n", 1), (f"{other}\n{second}\n", 1), (f"{first}\nrien\n", 2)):
        file.write_text(text, "utf-8")
        assert verified(people, config).fault == f"ancrage altéré : 1.anchors, ligne {line}"
        assert not anchored(people, config)
    file.write_text(whole, "utf-8")
    assert verified(people, config).fault is None


# --- the commands ------------------------------------------------------------------------------------------------------


@pytest.fixture
def encours(config: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """The commands on this test's database."""
    for name in ("database_url", "var_dir", "secret_key", "kek", "base_url"):
        monkeypatch.setenv(f"ENCOURS_{name.upper()}", str(getattr(config, name)))

    def run(*words: str) -> tuple[int, str]:
        db.close()  # the command opens its own
        done = CliRunner().invoke(cli, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def test_the_command_says_it_and_its_status_too(
    people: People, strangers: People, chain: int, below: Below, encours: Callable[..., tuple[int, str]]
) -> None:
    """interfaces.md, `verify-audit`: 0 whole, 1 broken; purges are said; a cabinet that was deleted whole is missed."""
    journal.anchor(people.cabinet_id)
    journal.anchor(strangers.cabinet_id)
    status, said = encours("purge-audit", "--cabinet", "demo", "--until", str(today()), "--reason", "Durée de conservation")
    assert (status, said) == (0, f"{chain} contenus expurgés ; l'expurgation est inscrite au journal.\n")
    status, said = encours("verify-audit")
    assert status == 0
    assert f"demo : {chain + 1} entrées, chaîne intacte, {chain} contenus expurgés" in said
    assert f"expurgé le {_day()} : entrées 1 à {chain}" in said
    other = next(line for line in said.splitlines() if line.startswith("second : "))
    assert other.endswith("entrées, chaîne intacte")
    cut(below, chain - 3)
    status, said = encours("verify-audit")
    assert status == 1
    assert "chaîne rompue : contenu de l'entrée 1 supprimé sans expurgation" in said  # the certificate was cut off too
    assert other in said.splitlines()


def test_a_cabinet_that_is_gone_is_missed(people: People, config: Config, encours: Callable[..., tuple[int, str]]) -> None:
    """Its anchors are all that is left to tell."""
    journal.anchor(people.cabinet_id)
    here = anchors.file_of(Path(config.var_dir), people.cabinet_id)
    here.rename(here.with_name("77.anchors"))
    status, said = encours("verify-audit")
    assert status == 1
    assert "cabinet n° 77 : absent de la base" in said
