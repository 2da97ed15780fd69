"""Documents produced, signed, filed, replaced; their statuses computed, acts and situations by them (CO-01)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy import update

from core.api import pdf
from core.api import wealth
from core.api.files import Sent
from core.cabinets.models import AuditEntry
from core.cli.worker import run_due
from core.contacts.models import Contact
from core.db import current
from core.db.clock import today
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import filing
from core.documents import services as documents
from core.documents.models import Document
from core.extensions import db
from core.hooks import context
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.signing import acting
from core.signing import asking
from core.signing import letters
from core.signing import paper as on_paper
from core.signing.models import SignatureRequest
from plugins.conformite import profile_writes
from plugins.conformite import situation
from plugins.conformite.demands import Demands
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from plugins.conformite.papers import kinds
from plugins.conformite.papers import making
from plugins.conformite.papers import policy
from plugins.conformite.papers import status
from plugins.conformite.papers import templates
from plugins.conformite.papers.facts import Worth
from plugins.conformite.papers.models import Paper
from plugins.patrimoine import budget_writes
from plugins.patrimoine.budget_sums import Line
from tests.conftest import People
from tests.conftest import person
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.test_guards import choose
from tests.plugins.conformite.test_guards import said

Work = tuple[TenantSession, Adviser]
ADVICE = {"conseil": "Verser", "raisons": "Horizon", "inconvenients": "Risque", "couts": "1 %", "suivi": "NON"}
_turn = itertools.count()


def own(hub: Hub, session: TenantSession, by: Adviser) -> Context:
    return context.prepare(context.make(session, hub.registry, principal=by), hub.registry.plugins["conformite"])


def make(
    hub: Hub, session: TenantSession, by: Adviser, who: str, kind: str, typed: Mapping[str, str] | None = None, **more: Any
) -> Paper:  # fmt: skip
    ctx = own(hub, session, by)
    texts = making.checked(kind, typed or {})
    what = making.prepared(session, by, ctx, who, kind, texts, lambda one: Worth(
        wealth.balance(hub, ctx, session, by, one), wealth.budget(hub, ctx, [one], today())
    ))
    return making.keep(session, by, ctx, what, texts, b"%%PDF-1.7 %d" % next(_turn), **more)


def state(session: TenantSession, by: Adviser, who: str, kind: str = kinds.DER) -> str:
    found = status.standing(session, by, who, today())[kind].state
    held = status.held(session, [who], [kind], today())[who][kind]
    valid = status.standing(session, by, who, today())[kind].valid
    assert (held == status.VALID) is (valid is not None), (found, held)
    return found


def ask(session: TenantSession, by: Adviser, row: Paper, who: str) -> SignatureRequest:
    return asking.ask(session, by, row.document_id, [asking.Wanted("contact", who), asking.Wanted("user", by.user_id)])


def sign(session: TenantSession, request: SignatureRequest) -> None:
    one = letters.turn(session, request.id)
    assert one is not None
    acting.sign(session, one, acting.Hand(one.name, agreed=True, witness=one.user_id or request.asked_by))


def test_every_status_comes_of_the_document_and_its_request(hub: Hub, work: Work, home: Home) -> None:
    """CO-01, domain.md §2.5: A_PREPARER, PRET, SIGNE_PARTIEL, ANNULE, REFUSE, EXPIRE, SIGNE, REMPLACE; nothing is typed."""
    session, by = work
    who = home.jeanne
    assert state(session, by, who) == "A_PREPARER"
    first = make(hub, session, by, who, kinds.DER)
    assert state(session, by, who) == "PRET"
    one = ask(session, by, first, who)
    assert state(session, by, who) == "PRET"
    one.state = "ENVOYE"
    assert state(session, by, who) == "ENVOYE"
    one.state = "CONSULTE"
    assert state(session, by, who) == "CONSULTE"
    with pytest.raises(DomainError, match="à la signature"):
        make(hub, session, by, who, kinds.DER)
    sign(session, one)
    assert state(session, by, who) == "SIGNE_PARTIEL"
    acting.cancel(session, one, by.user_id, "faute de frappe")
    assert state(session, by, who) == "ANNULE"
    two = ask(session, by, first, who)
    turn = letters.turn(session, two.id)
    assert turn is not None
    acting.refuse(session, turn, "Le client veut relire", actor=by.user_id)
    assert state(session, by, who) == "REFUSE"
    second = make(hub, session, by, who, kinds.DER)
    assert state(session, by, who) == "PRET"
    three = ask(session, by, second, who)
    three.expires_on = today() - timedelta(days=1)
    acting.expire(session, three)
    assert state(session, by, who) == "EXPIRE"
    four = ask(session, by, second, who)
    scan = Sent("signe.pdf", "application/pdf", b"%PDF-1.7 signe a la main")
    kept = on_paper.take(session, four, by, scan, today())
    found = status.standing(session, by, who, today())[kinds.DER]
    assert (found.state, found.valid is found.last, found.last and found.last.shown_id) == ("SIGNE", True, kept.id)
    assert [one.state for one in found.past] == ["REMPLACE"]
    third = make(hub, session, by, who, kinds.DER)
    found = status.standing(session, by, who, today())[kinds.DER]
    assert (found.state, found.valid and found.valid.id) == ("PRET", second.id), "the one that is signed holds until the next is"
    assert found.last is not None
    assert found.last.id == third.id
    filing.remove(session, by, third.document_id)
    assert state(session, by, who) == "SIGNE"


def test_a_scan_that_was_filed_counts_and_ends(hub: Hub, work: Work, home: Home) -> None:
    """CO-01: signed by hand and filed, it holds from that day for the cabinet's months; it is held; the same file is not two."""
    session, by = work
    ctx = own(hub, session, by)
    scan = Sent("recueil.pdf", "application/pdf", b"%PDF-1.7 recueil")
    old = today() - timedelta(days=400)
    row = making.file(session, by, ctx, home.jeanne, kinds.RECORD, scan, old, key="1" * 26)
    assert making.file(session, by, ctx, home.jeanne, kinds.RECORD, scan, old, key="1" * 26).id == row.id
    assert state(session, by, home.jeanne, kinds.RECORD) == "EXPIRE"
    assert row.valid_until is not None
    assert row.valid_until.year == old.year + 1
    with pytest.raises(DomainError, match="compte déjà"):
        making.file(session, by, ctx, home.jeanne, kinds.DER, scan, today())
    with pytest.raises(DomainError, match="à conserver"):
        filing.remove(session, by, row.document_id)
    for day, field in ((today() + timedelta(days=1), "on"), (date(1989, 1, 1), "on")):
        with pytest.raises(DomainError) as error:
            making.file(session, by, ctx, home.jeanne, kinds.DER, Sent("a.pdf", "application/pdf", b"%PDF-1.7 x"), day)
        assert error.value.field == field
    making.file(session, by, ctx, home.jeanne, kinds.DER, Sent("b.pdf", "application/pdf", b"%PDF-1.7 b"), old)
    assert state(session, by, home.jeanne) == "SIGNE", "without months it has no end"


def test_what_may_not_be_made(hub: Hub, work: Work, home: Home) -> None:
    """CO-01: without profile no declaration, without the adviser's words no document; a household has none; rights hold."""
    session, by = work
    with pytest.raises(DomainError) as error:
        make(hub, session, by, home.jeanne, kinds.ADVICE, ADVICE)
    assert error.value.code == "profile-missing"
    for key in ADVICE:
        with pytest.raises(DomainError) as error:
            make(hub, session, by, home.jeanne, kinds.ADVICE, {**ADVICE, key: " "})
        assert error.value.field == key
    with pytest.raises(DomainError) as error:
        making.checked(kinds.ADVICE, {**ADVICE, "suivi": "PEUT_ETRE"})
    assert error.value.field == "suivi"
    with pytest.raises(Forbidden, match="foyer"):
        make(hub, session, by, home.household, kinds.DER)
    for kind, who in (("AUTRE", home.jeanne), (kinds.DER, home.stranger)):
        with pytest.raises(NotFound):
            making.prepared(session, by, own(hub, session, by), who, kind, {}, lambda one: pytest.fail(one))
    assert session.scalars(select(Paper)).all() == []


def test_what_a_document_is_made_of_is_kept(hub: Hub, work: Work, home: Home, people: People) -> None:
    """CO-01: template, facts' hash and texts beside the document; a new template leaves it as it is; two arrivals are one."""
    session, by = work
    row = make(hub, session, by, home.jeanne, kinds.LETTER, {
        "objectifs": "Transmettre", "prestations": "Bilan", "honoraires": "1 200 €",
    }, key="2" * 26)  # fmt: skip
    assert make(hub, session, by, home.jeanne, kinds.LETTER, {
        "objectifs": "Autre", "prestations": "Bilan", "honoraires": "1 200 €",
    }, key="2" * 26).id == row.id  # fmt: skip
    document = session.scalars(select(Document).where(Document.id == row.document_id)).one()
    assert (document.category, document.owner_id, row.template) == ("LETTRE_MISSION", home.jeanne, "E1")
    before = (document.sha256, row.facts_sha256, row.template)
    with pytest.raises(Forbidden):
        templates.write(session, by, kinds.LETTER, title="Lettre", text="x" * 50)
    boss = person(session, people.administrator)
    own_text = "## Mission\nDe {cabinet_nom} à {client_nom} : {objectifs} {prestations} {honoraires}\n\n{tableau_signatures}"
    made = templates.write(session, boss, kinds.LETTER, title="Notre lettre", text=own_text, key="3" * 26)
    assert templates.write(session, boss, kinds.LETTER, title="Notre lettre", text=own_text, key="3" * 26) == made
    with pytest.raises(DomainError, match="version en vigueur"):
        templates.write(session, boss, kinds.LETTER, title="Notre lettre", text=own_text)
    assert [one.ref for one in templates.versions(session, kinds.LETTER)] == ["C1", "E1"]
    assert status.texts(session, by, home.jeanne, kinds.LETTER)["objectifs"] == "Transmettre"
    session.refresh(document)
    assert (document.sha256, row.facts_sha256, row.template) == before
    written = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"contact:{home.jeanne}"))
    assert list(written).count("conformite.paper_made") == 1


def test_a_profile_s_document_holds_no_longer_than_the_profile(hub: Hub, work: Work, home: Home) -> None:
    """CO-01, CO-02: its end is the profile's; the recueil has the cabinet's months."""
    session, by = work
    profile_writes.establish(
        session, by, home.jeanne, answers(BALANCED, SOME), months=12, on=today() - timedelta(days=100)
    )  # fmt: skip
    row = make(hub, session, by, home.jeanne, kinds.PROFILE)
    assert row.valid_until is not None
    assert row.valid_until < today() + timedelta(days=300)
    made = make(hub, session, by, home.jeanne, kinds.RECORD)
    assert made.valid_until is not None
    assert made.valid_until > today() + timedelta(days=360)
    assert make(hub, session, by, home.jeanne, kinds.ADVICE, ADVICE).kind == kinds.ADVICE


def test_the_cabinet_s_policy_on_each_kind(hub: Hub, home: Home) -> None:
    """CO-01, BL-10: nothing is said until the cabinet says so; a missing, unsigned or expired document warns or blocks, of any
    holder; a block wins over a profile's warning; the remedy leads to that holder's documents; a signed one frees the act."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        assert said(hub, session, home) == {}
        choose(hub, session, lacking="AVERTIR", paper_der="BLOQUER")
        one = said(hub, session, home)["arbitrage"]
        assert (one.level, one.remedy_url) == ("block", policy.address(home.jeanne))
        assert "manque au dossier" in one.text
        choose(hub, session, paper_der="AVERTIR")
        make(hub, session, by, home.jeanne, kinds.DER)
        one = said(hub, session, home)["arbitrage"]
        assert (one.level, "pas encore signé" in one.text) == ("warn", True)
        for at, who in enumerate((home.jeanne, home.paul)):
            scan = Sent(f"{at}.pdf", "application/pdf", b"%%PDF-1.7 der %d" % at)
            making.file(session, by, own(hub, session, by), who, kinds.DER, scan, today())
        assert said(hub, session, home) == {}
        choose(hub, session, paper_der="AVERTIR", paper_recueil="BLOQUER")
        old = Sent("r.pdf", "application/pdf", b"%PDF-1.7 r")
        making.file(session, by, own(hub, session, by), home.jeanne, kinds.RECORD, old, today() - timedelta(days=800))
        one = said(hub, session, home)["rachat_total"]
        assert (one.level, one.text) == ("block", "Recueil d'informations de Durand Alix\u202f: expiré.")
        with current.bound(session):
            assert "clause_beneficiaire" not in said(hub, session, home)


def test_situations_know_the_documents_that_are_asked_for(hub: Hub, work: Work, home: Home) -> None:
    """CO-01, NX-01: SQL's word is the gravest of the points over every mix of documents, whatever is asked for."""
    session, by = work
    ctx, order = own(hub, session, by), list(situation.SITUATIONS)
    whole = {"birth_date": date(1968, 3, 2), "birth_city": "Nantes", "nationality": "FR", "id_number": "12AB34567"}
    session.execute(update(Contact).where(Contact.id == home.jeanne).values(**whole))
    profile_writes.establish(session, by, home.jeanne, answers(BALANCED, SOME), months=12)
    both = (kinds.DER, kinds.RECORD)

    def stands(papers: tuple[str, ...]) -> str | None:
        found = situation.of(session, by, home.jeanne, today(), Demands(papers))
        told = [one.situation for one in found.points]
        assert found.situation == (min(told, key=order.index) if told else situation.CONFORM), found
        assert situation.counts(session, by, today(), 30, Demands(papers))[str(found.situation)] >= 1
        return found.situation

    assert (stands(()), stands(both)) == ("CONFORME", "A_COMPLETER")
    row = making.file(session, by, ctx, home.jeanne, kinds.DER, Sent("d.pdf", "application/pdf", b"%PDF-1.7 d"), today())
    assert (stands((kinds.DER,)), stands(both)) == ("CONFORME", "A_COMPLETER")
    late = today() - timedelta(days=800)
    making.file(session, by, ctx, home.jeanne, kinds.RECORD, Sent("r.pdf", "application/pdf", b"%PDF-1.7 r"), late)
    assert stands(both) == "EXPIRE"
    document = documents.get(session, by, row.document_id)
    document.hold = ""
    filing.remove(session, by, row.document_id)
    assert stands((kinds.DER,)) == "A_COMPLETER"


def test_the_recueil_prints_the_budget_of_the_module_beside(hub: Hub, home: Home) -> None:
    """CO-01, PA-02: what the person alone earns and pays a year, with each side's sum; no budget is «à compléter»."""

    def printed() -> tuple[tuple[str, ...], ...]:
        with db.session(home.cabinet_id) as session, current.bound(session):
            by = person(session, home.adviser)
            ctx = own(hub, session, by)

            def gauge(one: str) -> Worth:
                return Worth(wealth.balance(hub, ctx, session, by, one), wealth.budget(hub, ctx, [one], today()))

            what = making.prepared(session, by, ctx, home.jeanne, kinds.RECORD, {}, gauge)
            assert what.facts.said == ()
            assert ("Revenus, charges et épargne" in what.lacking) is (what.facts.tables["tableau_budget"] == ())
            return what.facts.tables["tableau_budget"]

    assert printed() == ()
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        for who, kind, amount in ((home.jeanne, "SALAIRES", 3000), (home.jeanne, "LOYER", 900), (home.paul, "SALAIRES", 5000)):
            budget_writes.create(session, by, Line(who, kind, Decimal(amount)))
    said = [(label, "".join(sign for sign in amount if sign.isdigit())) for label, amount in printed()[1:]]
    assert said == [
        ("Salaires", "3600000"), ("Total des revenus", "3600000"), ("Loyer", "1080000"), ("Total des charges", "1080000"),
    ]  # fmt: skip


def test_a_sealed_document_counts(hub: Hub, home: Home) -> None:
    """CO-01: produced, signed by both on the cabinet's screen, sealed by the worker: «Signé», what is shown is the sealed one."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        ctx = own(hub, session, by)
        what = making.prepared(session, by, ctx, home.jeanne, kinds.DER, {}, lambda one: pytest.fail(one))
        with current.bound(session):
            head = pdf.head()
        row = making.keep(session, by, ctx, what, {}, making.drawn(what, head))
        request = ask(session, by, row, home.jeanne)
        sign(session, request)
        sign(session, request)
        assert state(session, by, home.jeanne) == "SIGNE_PARTIEL"
        made = row.document_id
    run_due()
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        found = status.standing(session, by, home.jeanne, today())[kinds.DER]
        assert (found.state, found.valid is not None) == ("SIGNE", True)
        assert found.valid is not None
        assert found.valid.shown_id != made
        filing.remove(session, by, made)
        assert state(session, by, home.jeanne) == "SIGNE", "what was sealed counts, whatever became of the pages that were shown"
