"""«Journal d'audit»: the list, a line's own page, the check of the chain, French words for all of it (US-02)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import config
from core.admin import journal_content as content
from core.admin import journal_words as words
from core.cabinets import anchors
from core.cabinets import audit
from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.models import AuditEntry
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.db.clock import day_of
from core.db.clock import now
from core.db.clock import shifted
from core.extensions import db
from core.journeys import states
from core.links.mandate_machine import EVENT_LABELS
from tests import databases
from tests.conftest import People
from tests.core.admin.desk import Desk
from tests.core.admin.desk import journal

LIST = "/journal"
#: Calls whose action is made of a variable: file and text of the argument → the codes that it takes.
#: Written for many at once alone, by `audit.record_many`.
MANY = {"account.removed", "contact.removed", "message.asked"}
MADE = {
    ("core/auth/account_views.py", "action"): {"session.closed"},
    ("core/auth/entry.py", "f'session.{outcome}'"): {"session.code_blocked"},
    ("core/auth/jobs.py", "f\"session.{payload['outcome']}\""): {"session.refused", "session.blocked"},
    ("core/cabinets/audit.py", "PURGED"): {audit.PURGED},
    ("core/contacts/shelves.py", "f'{shelf.kind}.{what}'"): {
        f"{kind}.{what}" for kind in ("category", "label", "custom_field")
        for what in ("added", "changed", "ordered", "archived", "restored", "removed")
    } | {"category.merged", "category.default", "label.merged"},
    ("core/contacts/relations.py", "action"): {
        f"relation.{what}" for what in ("added", "changed", "ended", "removed", "restored")
    },
    ("core/transactions/matching.py", "action"): {
        f"transaction.{what}" for what in ("matched", "match_refused", "match_undone")
    },
    ("plugins/portefeuille/plans/keeping.py", "action"): {
        f"portefeuille.plan_{what}" for what in ("added", "changed", "state", "day")
    },
    ("plugins/patrimoine/asset_writes.py", "action"): {
        "patrimoine.asset_changed", "patrimoine.rent_changed", "patrimoine.debt_changed",
    },
    ("core/imports/work.py", "action"): {"import.ended", "import.cut", "import.undone"},
    ("core/imports/services.py", "action"): {
        f"import.{what}"
        for what in ("received", "begun", "ended", "stopped", "cut", "undoing", "undone", "abandoned", "reported")
    },
    ("core/journeys/book.py", "f'journey.{target}'"): {f"journey.{state}" for state in states.LABELS} - {"journey.open"},
    ("core/links/mandate_book.py", "f'mandate.{event}'"): {f"mandate.{event}" for event in EVENT_LABELS},
    ("core/documents/filing.py", "what"): {
        f"document.{what}" for what in ("added", "changed", "version_added", "removed", "restored")
    },
    ("core/shell/saved_views.py", "action"): {"view.saved", "view.changed", "view.made_usual", "view.removed"},
}


def recorded() -> Iterator[tuple[str, int, ast.expr]]:
    """File, line and action of every call that writes to the journal."""
    for folder in ("core", "plugins"):
        for path in sorted(Path(folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                called = ast.unparse(node.func)
                if called in ("audit.record", "record") or (called == "_link" and path.name == "audit.py"):
                    found = next((one.value for one in node.keywords if one.arg == "action"), None)
                    yield path.as_posix(), node.lineno, found or node.args[2]


def codes(path: str, action: ast.expr) -> set[str] | None:
    """The codes that an argument takes; None where nobody said."""
    if isinstance(action, ast.Constant):
        return {str(action.value)}
    if isinstance(action, ast.IfExp):
        return {str(one.value) for one in (action.body, action.orelse) if isinstance(one, ast.Constant)}
    return MADE.get((path, ast.unparse(action)))


def test_every_action_of_the_product_has_its_words() -> None:
    """US-02: a new action without French words fails here, and so do words that no call uses any more."""
    met: set[str] = set()
    for path, line, action in recorded():
        if (path, ast.unparse(action)) == ("core/cabinets/audit.py", "action"):
            continue  # the door itself
        found = codes(path, action)
        assert found, f"{path}:{line}: say in MADE which actions {ast.unparse(action)} may be"
        met |= found
    met |= MANY
    assert len(met) > 70
    assert sorted(met - set(words.ACTIONS)) == [], "give them words in core/admin/journal_words.py"
    assert sorted(set(words.ACTIONS) - met) == [], "nothing writes these any more"


def test_every_kind_of_subject_has_its_words() -> None:
    """US-02: what stands before «:» in a subject that the product writes."""
    found = set[str]()
    for folder in ("core", "plugins"):
        for path in sorted(Path(folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.record", "record") and len(node.args) > 3:
                    found |= set(re.findall(r"^f'([a-z-]+):", ast.unparse(node.args[3])))
    assert len(found) > 12
    assert found <= set(words.KINDS)


@pytest.fixture
def desk(administrator: FlaskClient) -> Desk:
    return Desk(administrator)


def contact(people: People, name: str = "Zébulon") -> str:
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Jeanne", city="Nantes")
        return contacts.create(session, people.adviser, data)


def entry(people: People, action: str) -> str:
    """The last line of an action."""
    with db.session(people.cabinet_id, write=False) as session:
        wanted = select(AuditEntry.id).where(AuditEntry.action == action).order_by(AuditEntry.seq.desc()).limit(1)
        return session.scalars(wanted).one()


def lines(desk: Desk, query: str) -> list[str]:
    """The actions that the list shows, in its order."""
    page = desk.client.get(f"/administration{LIST}{query}").get_data(as_text=True)
    return re.findall(r'<td data-l="Action">([^<]+)</td>', page)


def test_the_journal_is_filtered(desk: Desk, people: People) -> None:
    """US-02: days in France, who, what, on what; by a code, a name; the newest first, or the oldest."""
    with shifted(timedelta(days=-10)), db.session(people.cabinet_id) as session:
        services.rename(session, people.other, "Autrefois", actor=people.administrator)
    key = contact(people)
    old = f"{day_of(now() - timedelta(days=10)):%d/%m/%Y}"
    assert lines(desk, f"?du={old}&au={old}") == ["Nom modifié"]
    assert lines(desk, f"?auteur={people.adviser}") == ["Dossier créé"]
    assert lines(desk, "?action=contact.added") == ["Dossier créé"]
    assert set(lines(desk, "?action=famille:modules")) == {"Module activé"}
    assert lines(desk, "?objet=contact") == ["Dossier créé"]
    with db.session(people.cabinet_id, write=False) as session:
        code = session.scalars(select(Contact.file_code).where(Contact.id == key)).one()
    for typed in (code, code.lower(), key, f"contact:{key}"):
        assert lines(desk, f"?q={typed}") == ["Dossier créé"], typed
    assert lines(desk, "?q=autrefois") == ["Nom modifié", "Personne ajoutée"]
    assert lines(desk, "?q=autrefois&tri=date&sens=asc") == ["Personne ajoutée", "Nom modifié"]
    assert "Écrivez la date" in desk.text(f"{LIST}?du=32/13/2026")
    assert "Aucune entrée ne correspond" in desk.text(f"{LIST}?q=zzz")
    assert "Zébulon Jeanne" in desk.text(f"{LIST}?objet=contact")


def test_a_line_shows_what_changed(desk: Desk, people: People) -> None:
    """US-02: before and after in French, names for ids, dates as dates; what was noted as a list."""
    with db.session(people.cabinet_id) as session:
        services.set_profile(session, people.other, "LECTEUR", actor=people.administrator)
    said = desk.text(f"{LIST}/{entry(people, 'user.profile')}")
    assert "Profil changé" in said
    assert "Administrateur Demo" in said
    assert "Personne Autre Demo" in said
    assert "Avant Après Valeur Conseiller Lecture seule" in said
    rows = content.rows("user.file_changed", {"phone": [None, "+33612345678"]}, {})
    assert [(row.label, row.before, row.after) for row in rows] == [("Téléphone", "—", "06 12 34 56 78")]
    noted = {"until": "2026-11-25T09:00:00+00:00", "on": "2026-11-25", "required": True, "amr": ["pwd", "otp"], "user": "u"}
    found = {row.label: row.after for row in content.rows("x", noted, {"u": "Jeanne"})}
    assert found == {
        "Jusqu'au": "25/11/2026 10:00", "Le": "25/11/2026", "Exigé": "Oui", "Preuves données": "mot de passe, code",
        "Personne": "Jeanne",
    }  # fmt: skip
    odd = content.rows("x", {"before": None, "after": {"inconnu": {"a": [1, None]}}, "on": "9999-99-99"}, {})
    assert [(row.label, row.before, row.after) for row in odd] == [("inconnu", "—", "a\u202f: 1, —"), ("Le", None, "9999-99-99")]


def test_a_purged_line_says_since_when(desk: Desk, people: People) -> None:
    """US-02: «expurgé le …»; the chain still holds, and the check counts it."""
    with db.session(people.cabinet_id) as session:
        audit.purge(session, "cli", [3], reason="Délai légal")
        key = session.scalars(select(AuditEntry.id).where(AuditEntry.seq == 3)).one()
    assert "Expurgé le" in desk.text(f"{LIST}/{key}")
    said = desk.text(f"{LIST}/verification")
    assert "La chaîne est intacte" in said
    assert "expurgé le" in said
    assert "entrées 3 à 3" in said


def test_the_check_sees_a_line_that_was_changed(desk: Desk, people: People) -> None:
    """US-02: the same check as `encours verify-audit`, with its anchors, the date and the count."""
    with db.session(people.cabinet_id, write=False) as session:
        count = session.query(AuditEntry).count()
        anchors.drop(session, Path(config.current().var_dir))
    said = desk.text(f"{LIST}/verification")
    assert f"Entrées parcourues {count}" in said
    assert f"{count} entrées" in said
    with databases.below(config.current().database_url) as hand:
        databases.lower_journal(hand)
        hand.execute("UPDATE audit_entry SET actor = 'cli' WHERE seq = ? AND cabinet_id = ?", (count, people.cabinet_id))
    said = desk.text(f"{LIST}/verification")
    assert "La chaîne est rompue" in said
    assert f"Entrée {count} modifiée" in said


def test_who_administers_without_seeing_clients(app_client: FlaskClient, people: People) -> None:
    """US-02, «field-level leak by history»: that a file changed is shown, its name and content are not."""
    key = contact(people, "Yquelon")
    desk = Desk(app_client)
    page = desk.text(f"{LIST}?objet=contact")
    assert "Dossier créé" in page
    assert "Yquelon" not in page
    one = desk.text(f"{LIST}/{entry(people, 'contact.added')}")
    assert "Contenu réservé" in one
    assert "Yquelon" not in one
    with db.session(people.cabinet_id, write=False) as session:
        code = session.scalars(select(Contact.file_code).where(Contact.id == key)).one()
    assert "Aucune entrée ne correspond" in desk.text(f"{LIST}?q={code}")
    export = desk.press(f"{LIST}/liste/export", format="csv", liste="")
    assert "Yquelon" not in export.get_data(as_text=True)
    export.close()


@pytest.fixture
def app_client(desk: Desk, people: People) -> FlaskClient:
    """Somebody who administers, and follows nobody."""
    with db.session(people.cabinet_id) as session:
        made = profiles.add(session, "cli", label="Gérance", rights=["administration"])
        services.set_profile(session, people.assistant, "ADMINISTRATEUR", actor="cli")
        services.set_profile(session, people.administrator, made.code, actor="cli")
    return desk.client


def test_the_journal_is_exported_whole(desk: Desk, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """US-02: all pages, in order, some at a time; with the reference of each subject; formulas are text."""
    from core.admin import journal as services_of_journal

    monkeypatch.setattr(services_of_journal, "BATCH", 3)
    count = len(journal(people.cabinet_id))
    answer = desk.press(f"{LIST}/liste/export", format="csv", liste="tri=date&sens=asc")
    found = [line.split(";") for line in answer.get_data(as_text=True).splitlines()]
    answer.close()
    assert found[0] == ["\ufeffDate", "Auteur", "Action", "Objet", "N°", "Référence"]
    assert [line[4] for line in found[1:]] == [str(number) for number in range(1, count + 1)]
    assert found[1][5] == f"cabinet:{people.cabinet_id}"


def test_another_cabinet_s_journal_is_nowhere(desk: Desk, adviser: FlaskClient, strangers: People) -> None:
    """US-02: 404, no line in any list; 403 for other profiles."""
    theirs = entry(strangers, "user.added")
    assert desk.client.get(f"/administration{LIST}/{theirs}").status_code == 404
    assert "Conseiller Second" not in desk.text(f"{LIST}?taille=200")
    for path in ("", "/verification", f"/{theirs}"):
        assert adviser.get(f"/administration{LIST}{path}").status_code == 403
