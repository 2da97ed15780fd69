"""Documents filed, versioned, held, deleted and brought back; told by their bytes; found by what they say (AU-03)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import filing
from core.documents import finding
from core.documents import office
from core.documents import reading
from core.documents import services
from core.documents import uploads
from core.documents.filing import Facts
from core.documents.finding import Wanted
from core.documents.uploads import Sent
from core.extensions import db
from core.hooks.types import Adviser
from plugins.ged import demo
from plugins.ged import forms
from tests.conftest import person
from tests.plugins.ged.conftest import Home
from tests.plugins.ged.conftest import filed
from tests.plugins.ged.conftest import paper

Work = tuple[TenantSession, Adviser]


def box(**parts: str) -> bytes:
    """An archive with these parts, «/» written «__»."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


WORD = box(word__document_xml='<w:d xmlns:w="u"><w:p><w:t>Mandat d\'arbitrage</w:t></w:p><w:p><w:t>Clauses</w:t></w:p></w:d>')


def test_several_files_keep_their_names_and_nothing_is_doubled(work: Work, home: Home) -> None:
    """AU-03: each file is a document called as the file is; the same bytes under the same owner are said, not kept twice."""
    session, by = work
    owner = ("contact", home.jeanne)
    two = [paper("un", name="Avis 2025.pdf"), paper("deux", name="Avis 2026.pdf"), paper("un", name="copie.pdf")]
    found = filing.add(session, by, owner, Facts("ignoré à plusieurs", "AVIS_IMPOT", tags="Impôt ; 2026,impôt"), two)
    assert [one.title for one in found.made] == ["Avis 2025", "Avis 2026"]
    assert [(name, twin.title) for name, twin in found.twins] == [("copie.pdf", "Avis 2025")]
    assert found.made[0].labels == ("impôt", "2026")
    again = filing.add(session, by, ("account", home.account), Facts("", "RELEVE"), two[:1])
    assert again.made, "another owner has its own"
    with pytest.raises(DomainError, match="catégorie"):
        filing.add(session, by, owner, Facts("", "INVENTEE"), two)
    with pytest.raises(Forbidden):
        filing.add(session, by, ("contact", home.stranger), Facts("", "DIVERS"), two)
    with pytest.raises(Forbidden):
        filing.add(session, by, ("mandate", home.jeanne), Facts("", "DIVERS"), two)


def test_a_form_that_comes_twice_files_once(work: Work, home: Home) -> None:
    """AU-03: the form's key is the document's id."""
    session, by = work
    key = "01" + "a" * 24
    for _ in range(2):
        made = filing.add(session, by, ("contact", home.jeanne), Facts("Titre", "DIVERS"), [paper("x")], key=key)
        assert [one.id for one in made.made] == [key]
    assert len(services.of_owner(session, by, "contact", home.jeanne)) == 1


def test_versions_keep_their_hash_and_address(work: Work, home: Home) -> None:
    """AU-03: version 2 is in force, version 1 keeps its id, bytes and hash; an older one is not changed."""
    session, by = work
    first = filing.add(session, by, ("contact", home.jeanne), Facts("Passeport", "PASSEPORT"), [paper("ancien")]).made[0]
    hashed = first.sha256
    second = filing.add_version(session, by, first.id, paper("nouveau"), expires_on=today() + timedelta(days=400))
    assert (second.number, second.title, second.category, second.current) == (2, "Passeport", "PASSEPORT", True)
    old = services.get(session, by, first.id)
    assert (old.sha256, old.current, services.digest(services.read(session, old))) == (hashed, False, hashed)
    third = filing.add_version(session, by, second.id, paper("encore"), expires_on=None)
    assert [one.number for one in filing.chain(session, old)] == [3, 2, 1]
    assert [one.id for one in services.of_owner(session, by, "contact", home.jeanne)] == [third.id]
    with pytest.raises(Conflict):
        filing.change(session, by, first.id, Facts("Autre", "PASSEPORT"))
    with pytest.raises(DomainError, match="identique"):
        filing.add_version(session, by, third.id, paper("encore"), expires_on=None)


def test_what_is_held_is_not_deleted_and_what_is_deleted_comes_back(work: Work, home: Home) -> None:
    """AU-03: a hold wins over everybody; a deleted document goes and comes back with its versions; the journal has it all."""
    session, by = work
    first = filing.add(session, by, ("contact", home.jeanne), Facts("Litige", "DIVERS"), [paper("a")]).made[0]
    second = filing.add_version(session, by, first.id, paper("b"), expires_on=None)
    filing.change(session, by, second.id, Facts("Litige", "DIVERS", hold="Contrôle ACPR"))
    with pytest.raises(DomainError, match="Contrôle ACPR"):
        filing.remove(session, by, second.id)
    assert first.hold == "Contrôle ACPR"
    filing.change(session, by, second.id, Facts("Litige", "DIVERS"))
    filing.remove(session, by, second.id)
    for one in (first, second):
        with pytest.raises(NotFound):
            services.get(session, by, one.id)
    assert services.of_owner(session, by, "contact", home.jeanne) == []
    assert [one.id for one in finding.page(session, by, Wanted(state="deleted")).rows] == [second.id]
    filing.restore(session, by, second.id)
    assert services.get(session, by, first.id).deleted_at is None
    wanted = select(AuditEntry.action).where(AuditEntry.action.startswith("document.")).order_by(AuditEntry.seq)
    said = session.scalars(wanted).all()
    expected = ["added", "version_added", "changed", "changed", "removed", "restored"]
    assert said == [f"document.{one}" for one in expected]


def test_another_advisers_documents_are_nowhere(home: Home) -> None:
    """AU-03: every door answers «not found» to whoever does not follow the client, and the search does not name them."""
    theirs = filed(home, paper("Succession secrète"), who=home.other)
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        for door in (services.get, filing.editable, filing.remove, filing.restore):
            with pytest.raises(NotFound):
                door(session, by, theirs)
        assert finding.page(session, by, Wanted("succession")).total == 0
        assert finding.page(session, person(session, home.other), Wanted("succession")).total == 1


SEARCHED = (
    ("bénéficiaire", True), ("BENEFICIAIRE", True), ("clause bénéficiaires", True), ("l'enfant", True), ("nue-propriete", True),
    ("arbitrage", False), ("clause arbitrage", False), ("...", False),
)  # fmt: skip


@pytest.mark.parametrize(("text", "met"), SEARCHED)
def test_the_search_ignores_accents_plurals_and_case(home: Home, text: str, met: bool) -> None:
    """AU-03: «beneficiaire» finds «Bénéficiaires»; every word must be there; the excerpt shows it as it is written."""
    made = filed(home, paper("Clauses types", "Les bénéficiaires en nue-propriété : les enfants nés ou à naître."))
    with db.session(home.cabinet_id, write=False) as session:
        found = finding.page(session, person(session, home.adviser), Wanted(text))
        assert ([one.id for one in found.rows] == [made]) is met
        if text == "BENEFICIAIRE":
            assert found.excerpts[made].met == "bénéficiaires"
            assert "nue-propriété" in found.excerpts[made].after


def test_a_document_is_found_by_what_is_said_of_it(home: Home) -> None:
    """AU-03: title, tags and remarks are found as soon as they are changed; a deleted document is not."""
    made = filed(home, paper("rien de tel"), title="Procuration", tags="notaire")
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        assert finding.page(session, by, Wanted("procurations notaires")).total == 1
        filing.change(session, by, made, Facts("Pouvoir", "DIVERS", note="étude de Nantes"))
        assert finding.page(session, by, Wanted("procuration")).total == 0
        assert finding.page(session, by, Wanted("pouvoirs nantes")).total == 1
        filing.remove(session, by, made)
        assert finding.page(session, by, Wanted("pouvoir")).total == 0


def test_filters_of_the_list(work: Work, home: Home) -> None:
    """AU-03: a category with those under it, what is out of date or soon will be, a tag, what is held."""
    session, by = work

    def add(title: str, category: str, days: int | None, **more: str) -> None:
        until = today() + timedelta(days=days) if days is not None else None
        made = filing.add(session, by, ("contact", home.jeanne), Facts(title, category, until, **more), [paper(title)]).made[0]
        if more.get("hold"):
            filing.change(session, by, made.id, Facts(title, category, until, **more))

    add("Carte", "CNI", -1)
    add("Passeport", "PASSEPORT", 10)
    add("Facture", "DOMICILE", 300, tags="énergie")
    add("Avis", "AVIS_IMPOT", None, hold="Contrôle")

    def titles(**wanted: str) -> set[str]:
        return {one.title for one in finding.page(session, by, Wanted(**wanted)).rows}  # type: ignore[arg-type]

    assert titles(category="IDENTITE") == {"Carte", "Passeport"}
    assert titles(state="expired") == {"Carte"}
    assert titles(state="soon") == {"Passeport"}
    assert titles(state="held") == {"Avis"}
    assert titles(tag="Énergie") == {"Facture"}
    assert titles() == {"Carte", "Passeport", "Facture", "Avis"}


ODD: Sequence[tuple[bytes, str, str]] = (
    (b"<html><script>1</script></html>", "page.pdf", "file-type"), (box(notes_txt="x"), "archive.docx", "file-type"),
    (box(word__document_xml="<a/>", word__vbaProject_bin=""), "ok.docx", office.DOCX),
    (WORD, "lettre.pdf", office.DOCX), (b"Bonjour\n", "note.txt", "text/plain"), (b"MZ\x90\0" + b"\0" * 80, "x.pdf", "file-type"),
    (WORD[:-30], "coupe.docx", "file-type"), (b"", "vide.pdf", "file-empty"),
)  # fmt: skip


@pytest.mark.parametrize(("data", "name", "outcome"), ODD)
def test_a_file_is_told_by_its_bytes(data: bytes, name: str, outcome: str) -> None:
    """AU-03: HTML named .pdf, programs, bare archives, cut files are refused with a sentence; a letter is one by any name."""
    if "/" in outcome:
        assert uploads.look(forms.RULE, name, data).media_type == outcome
        return
    with pytest.raises(DomainError) as refused:
        uploads.look(forms.RULE, name, data)
    assert refused.value.code == outcome


def test_bombs_and_macros_are_refused_by_the_archives_own_directory() -> None:
    """AU-03: an archive of gigabytes or with a macro is no office file; nothing is unpacked to know it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b"0" * (office.MOST_BYTES + 1))
    assert len(out.getvalue()) < 1_000_000
    assert office.of(out.getvalue()) is None
    macro = io.BytesIO()
    with zipfile.ZipFile(macro, "w") as made:
        made.writestr("word/document.xml", "<a/>")
        made.writestr("word/vbaProject.bin", b"1")
    assert office.of(macro.getvalue()) is None
    assert office.of(WORD) == office.DOCX


def test_what_each_kind_of_file_says() -> None:
    """AU-03: letters, open documents, texts of any encoding, scans, cut and broken files: a state for each, never a failure."""
    assert reading.said(office.DOCX, WORD) == ("read", 1, "Mandat d'arbitrage Clauses")
    entity = '<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><o xmlns:t="u"><t:p>un <t:s>deux</t:s> trois&x;</t:p></o>'
    assert reading.said(office.ODT, box(content_xml=entity))[2].startswith("un deux trois")
    assert reading.said("text/plain", "Été à Nîmes, très bientôt".encode("cp1252"))[2].startswith("Été")
    assert reading.said(demo.PDF, demo.page(("1",)))[0] == "scan", "a page number is no text"
    assert reading.said(demo.PDF, demo.page(("Une page entière",)))[0] == "read"
    assert reading.said(demo.PDF, b"%PDF-1.4 coupe")[0] == "broken"
    assert reading.said(office.DOCX, WORD[:150])[0] == "broken"
    assert reading.said("image/png", b"\x89PNG")[0] == "none"


def test_names_of_macs_and_long_names(work: Work, home: Home) -> None:
    """AU-03: decomposed accents are composed, 300 characters keep their ending, folders of a name are dropped."""
    session, by = work
    odd = ("e\u0301te\u0301.pdf", "x" * 300 + ".pdf", "../../a.pdf")
    sent = [uploads.look(forms.RULE, name, demo.page((f"{len(name)}",))) for name in odd]
    names = [one.filename for one in filing.add(session, by, ("contact", home.jeanne), Facts("", "DIVERS"), sent).made]
    assert names[0] == "été.pdf"
    assert (len(names[1]), names[1][-4:]) == (200, ".pdf")
    assert names[2] == "a.pdf"


def test_a_sent_file_of_a_statement_is_as_it_was(work: Work, home: Home) -> None:
    """AU-03: what modules keep by `services.store` is a first version in force, under its own words."""
    session, by = work
    row = services.store(
        session, owner_kind="contact", owner_id=home.jeanne, category="Relevé", title="Relevé", filename="r.pdf",
        data=Sent("r.pdf", demo.PDF, demo.page(("r",))).data, media_type=demo.PDF, created_by=by.user_id,
    )  # fmt: skip
    assert (row.number, row.current, row.deleted_at, row.chain, row.labels) == (1, True, None, row.id, ())
    filing.change(session, by, row.id, Facts("Relevé annuel", "Relevé"))  # its category stays though it is not in the tree
