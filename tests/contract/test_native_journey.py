"""The third partner, without an extranet: an act typed here, confirmed, transmitted once, followed (BL-14).

The partner is the example distribution «Mutuelle des Alizés», installed as pip would; its program answers over HTTP.
"""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from html import unescape
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select

from core.accounts import lists as accounts
from core.api.transactions import report
from core.cabinets import services as cabinets
from core.cabinets import vault
from core.cabinets.models import Secret
from core.cli.worker import run_due
from core.db import current
from core.db.clock import now
from core.db.errors import DomainError
from core.documents.models import Document
from core.documents.models import Upload
from core.extensions import db
from core.hooks import context
from core.hooks import work
from core.hooks.journeys import Submitted
from core.hooks.specs import Plugin
from core.hooks.types import AccountRef
from core.jobs import outbox
from core.jobs.models import Job
from core.jobs.models import OutboxItem
from core.journeys import clock
from core.journeys import sending
from core.journeys.models import Journey
from core.links import account_links
from core.testing import Browser
from core.testing import Installation
from core.testing import throwaway
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent
from tests.contract import alizes
from tests.contract import bancal
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of
from tests.kept import Kept

pytestmark = pytest.mark.xdist_group("kit")
IBAN, BLACKLISTED = "FR14 2004 1010 0505 0001 3M02 606", "FR76 3000 6000 0112 3456 7890 189"
PDF, PNG = b"%PDF-1.4\n%essai\n", b"\x89PNG\r\n\x1a\n" + b"0" * 40
MONEY = {"amount": "1 500,00", "iban": IBAN}


@dataclass
class World:
    """An installation where the mutual is on, its program, and one contract a test."""

    encours: Installation
    office: Any
    account: AccountRef
    browser: Browser
    #: The plugin's own module, to break.
    acts: Any
    journey: str = ""

    def begin(self, label: str = "Rachat partiel", browser: Browser | None = None) -> str:
        """Pick an act of the icon's menu; the journey's id."""
        token = self.tokens(browser)[label]
        answer = (browser or self.browser).client.post("/parcours", data={"token": token, "csrf_token": self.browser.token()})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        self.journey = answer.headers["Location"].rpartition("/")[2]
        return self.journey

    def tokens(self, browser: Browser | None = None) -> dict[str, str]:
        """Act → token of its form, in the menu."""
        page = (browser or self.browser).get(f"/liens/alizes/comptes/{self.account.id}/actes")
        forms = re.findall(r'<form method="post" action="/parcours">.*?name="token" value="([^"]+)">(.*?)</form>', page, re.S)
        return {unescape(re.sub(r"<[^>]+>", "", body)).strip(): token for token, body in forms}

    def fill(self, step: str, *, files: dict[str, bytes] | None = None, **typed: str) -> Any:
        """Send a step as a browser without scripts does."""
        sent: dict[str, Any] = {**typed, "csrf_token": self.browser.token()}
        sent |= {slot: (io.BytesIO(data), f"{slot}.pdf") for slot, data in (files or {}).items()}
        return self.browser.client.post(
            f"/parcours/{self.journey}/etapes/{step}", data=sent, content_type="multipart/form-data"
        )

    def typed(self, **other: str) -> None:
        """Both steps, rightly."""
        assert self.fill("montant", **{**MONEY, **other}).status_code == 303
        assert self.fill("pieces", purpose="projet", files={"rib": PDF, "identite": PDF}).status_code == 303

    def confirm(self, page: str | None = None) -> Any:
        """Press the recap's button."""
        shown = page or self.browser.get(f"/parcours/{self.journey}")
        seen = re.search(r'name="seen" value="(\w+)"', shown)
        assert seen, shown[:3000]
        return self.browser.client.post(
            f"/parcours/{self.journey}/transmettre", data={"seen": seen.group(1), "csrf_token": self.browser.token()}
        )

    def read(self) -> str:
        """What a person reads of the journey's page."""
        page = self.browser.get(f"/parcours/{self.journey}")
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])).split())

    def row(self) -> tuple[Journey, Transaction]:
        """As they are kept."""
        with db.session(self.encours.here.cabinet_id, write=False) as session:
            journey = session.scalars(select(Journey).where(Journey.id == self.journey)).one()
            return journey, session.scalars(select(Transaction).where(Transaction.id == journey.transaction_id)).one()

    def rows(self, model: Any) -> list[Any]:
        """Of the cabinet."""
        with db.session(self.encours.here.cabinet_id, write=False) as session:
            return list(session.scalars(select(model)))

    def soon(self) -> None:
        """The pauses of failed jobs pass."""
        with db.session(None) as session:
            for job in session.scalars(select(Job).where(Job.state == "queued")):
                job.run_at = now()


@pytest.fixture(scope="module")
def _kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, Installation, Any]]:
    """Two cabinets, the mutual on in the first, a contract, people signed in: made once, put back before each test."""
    with bancal.installed(alizes.lay(tmp_path_factory.mktemp("alizes"))):
        kept = Kept(tmp_path_factory.mktemp("native"))
        modules = {name: import_module(name) for name in ("office_alizes.book", "office_alizes.server", "encours_alizes.acts")}
    encours = Installation(kept.app, kept.folder, throwaway.staff("ici", "Ici"), throwaway.staff("ailleurs", "Ailleurs"))
    for plugin in (alizes.NAME, "portefeuille"):
        encours.enable(plugin)
    encours.account("ALZ00000001", company=alizes.COMPANY)
    for who, role in ((encours.here, "administrateur"), (encours.here, "conseiller"), (encours.elsewhere, "administrateur")):
        encours.browser(who, role).token()
    kept.keep()
    yield kept, encours, modules
    kept.close()


@pytest.fixture
def world(_kept: tuple[Kept, Installation, Any]) -> Iterator[World]:
    """As it was made, with the mutual's program beside it."""
    kept, encours, modules = _kept
    kept.enter()
    book, server = modules["office_alizes.book"], modules["office_alizes.server"]
    with server.Office(book.Book(), alizes.KEY) as office:
        encours.configure(alizes.NAME, {"address": office.url, "key": alizes.KEY})
        with db.session(encours.here.cabinet_id, write=False) as session:
            boss = cabinets.principals(session, [encours.here.administrator])[encours.here.administrator]
            (account,) = account_links.attach(session, accounts.refs(session, boss))
        yield World(encours, office, account, encours.browser(), modules["encours_alizes.acts"])


def test_an_act_is_typed_confirmed_transmitted_once_and_followed(world: World) -> None:
    """BL-14: two steps with documents, recap, outbox, status by the plugin's own job; nothing typed is kept after that."""
    world.begin()
    journey, transaction = world.row()
    assert (journey.state, transaction.status, transaction.reason_text) == ("open", "initiated", "Saisie en cours")
    world.typed()
    assert world.office.asked == 0
    assert [row.owner for row in world.rows(Secret) if row.owner.startswith("journey:")] == [f"journey:{world.journey}"]
    recap = world.read()
    assert all(word in recap for word in ("1 500,00", "Financer un projet", "rib.pdf", "accord écrit du souscripteur"))
    page = world.browser.get(f"/parcours/{world.journey}")
    assert world.confirm(page).status_code == world.confirm(page).status_code == 303  # a double click
    assert "Transmission en cours" in world.read()
    assert world.office.asked == 0, "the page sends nothing: the outbox does"
    run_due()
    journey, transaction = world.row()
    assert (world.office.asked, len(world.rows(OutboxItem))) == (1, 1)
    assert (journey.state, transaction.status, transaction.status_label) == ("sent", "pending", "En attente")
    assert (transaction.amount, transaction.partner_ref) == (Decimal("1500.00"), "MA-00001")
    filed = [row for row in world.rows(Document) if row.owner_id == transaction.id]
    assert sorted((row.owner_kind, row.title) for row in filed) == [
        ("transaction", "Pièce d'identité en cours de validité"), ("transaction", "RIB du souscripteur"),
    ]  # fmt: skip
    assert not [row for row in world.rows(Secret) if row.owner.startswith("journey:")]
    assert not world.rows(Upload)
    for status, reason in (("en_controle", ""), ("piece_demandee", "RIB illisible"), ("en_controle", ""), ("validated", "")):
        assert world.office.book.move("MA-00001", status, reason)
    _follow(world)
    assert world.row()[1].status == "validated"
    lines = [row for row in world.rows(TransactionEvent) if row.transaction_id == transaction.id]
    said = [(row.status, row.source, row.reason_text) for row in lines]
    assert said[3:] == [
        ("pending", "submission", None), ("en_controle", "report", None), ("piece_demandee", "report", "RIB illisible"),
        ("en_controle", "report", None), ("validated", "report", None),
    ]  # fmt: skip
    _follow(world)  # at least once: the same events again change nothing
    assert len([row for row in world.rows(TransactionEvent) if row.transaction_id == transaction.id]) == len(said)


def test_what_the_partner_refuses_comes_back_beside_its_fields_and_is_sent_again_under_the_same_key(world: World) -> None:
    """BL-14: the refused field and document stand in their steps; corrected, the act is sent once, by the first try's key."""
    world.begin("Versement libre")
    assert world.fill("montant", amount="300", iban=BLACKLISTED).status_code == 303
    files = {"rib": PDF, "identite": PNG}
    assert world.fill("pieces", purpose="epargne", files=files).status_code == 303
    assert world.confirm().status_code == 303
    run_due()
    journey, transaction = world.row()
    assert (journey.state, transaction.status, journey.refusals) == ("refused", "initiated", 1)
    assert (transaction.reason_text or "").startswith("La mutuelle ne peut pas prendre cet acte")
    first = world.browser.client.get(f"/parcours/{world.journey}", follow_redirects=True)
    assert first.request.path.endswith("/etapes/montant")
    page = first.get_data(as_text=True)
    assert "Ce compte a été clôturé" in page
    assert 'aria-invalid="true"' in page
    assert "Il y a 1 erreur" in page
    assert 'value="FR76' in page, "nothing typed is lost"
    assert world.fill("montant", amount="300", iban=IBAN).status_code == 303
    second = world.browser.client.get(f"/parcours/{world.journey}", follow_redirects=True)
    assert second.request.path.endswith("/etapes/pieces")
    assert "un PDF ou un JPEG est attendu" in second.get_data(as_text=True)
    kept = re.findall(r'name="(\w+)_depots" value="(\w+)"', second.get_data(as_text=True))
    rib = dict(kept)["rib"]
    answer = world.fill("pieces", purpose="epargne", rib_depots=rib, files={"identite": PDF})
    assert answer.status_code == 303
    assert world.confirm().status_code == 303
    run_due()
    assert world.row()[0].state == "sent"
    (key,) = [key for key, one in world.office.book.operations.items() if one["reference"] == transaction.reference]
    assert key == journey.name


def test_a_step_that_is_wrong_says_so_beside_the_field_and_keeps_what_was_typed(world: World) -> None:
    """BL-14: schema, missing document, the plugin's own rule and a file of another type, each in its place, with 422."""
    world.begin()
    for typed, words in (
        ({"amount": "beaucoup", "iban": IBAN}, "Montant"), ({"amount": "10", "iban": IBAN}, "150,00"),
        ({"amount": "1000", "iban": "FR00"}, "IBAN"), ({"amount": "", "iban": ""}, "Saisissez un montant"),
    ):  # fmt: skip
        answer = world.fill("montant", **typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert words in unescape(page)
        assert "aria-invalid" in page
        assert f'value="{typed["amount"]}"' in page
    assert "data-error-summary" in world.browser.get(f"/parcours/{world.journey}/etapes/montant")
    assert world.fill("montant", **MONEY).status_code == 303
    answer = world.fill("pieces", purpose="autre", files={"rib": PDF, "identite": b"MZ program"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "déposez un fichier PDF" in unescape(page).replace("\u202f", " ")
    assert "rib.pdf" in page, "the good file waits"
    assert world.browser.status(f"/parcours/{world.journey}/etapes/inconnue") == 303


def test_the_partner_is_down_then_deaf_then_back_and_has_the_act_once(world: World) -> None:
    """BL-14: each failure is said and tried again; an answer that was lost is asked for by the same key."""
    world.begin()
    world.typed()
    world.confirm()
    for mood in ("down", "deaf"):
        world.office.mood = mood
        run_due()
        world.soon()
        assert world.row()[0].state == "sending"
    assert "n'a pas encore reçu" in world.read()
    world.office.mood = "well"
    run_due()
    assert world.row()[1].status == "pending"
    mine = [one for one in world.office.book.operations.values() if one["contract"] == world.account.link_ref]
    assert len(mine) == 1


@pytest.mark.parametrize("moment", ["answered", "written"])
def test_a_worker_killed_in_between_sends_nothing_twice(world: World, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """BL-14: after the partner's answer, before and after it is written down: the job is done again, by the same key."""
    world.begin()
    world.typed()
    world.confirm()
    (item,) = world.rows(OutboxItem)

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*((sending, "_write") if moment == "answered" else (outbox, "_note")), killed)
        with pytest.raises(KeyboardInterrupt):
            outbox.carry_out(world.encours.here.cabinet_id, {"item": item.id})
    assert world.row()[0].state == ("sending" if moment == "answered" else "sent")
    run_due()
    journey, transaction = world.row()
    assert (journey.state, transaction.status) == ("sent", "pending")
    mine = [one for one in world.office.book.operations.values() if one["contract"] == world.account.link_ref]
    assert len(mine) == 1
    assert len([row for row in world.rows(Document) if row.owner_id == transaction.id]) == 2


def test_nobody_else_opens_it_and_rights_and_gates_hold(world: World) -> None:
    """BL-14: not the other cabinet, not a colleague, nobody without the right, nobody while the module is off; all is 404."""
    world.begin()
    world.typed()
    page = world.browser.get(f"/parcours/{world.journey}")
    paths = [f"/parcours/{world.journey}", f"/parcours/{world.journey}/etapes/montant", f"/parcours/{world.journey}/etat"]
    others = [world.encours.browser(world.encours.elsewhere), world.encours.browser(role="conseiller")]
    for other in others:
        assert {other.status(path) for path in paths} == {404}
        for action in ("transmettre", "abandonner", "etapes/montant"):
            answer = other.client.post(f"/parcours/{world.journey}/{action}", data={"csrf_token": other.token()})
            assert answer.status_code == 404
    stolen = world.tokens()["Versement libre"]
    answer = others[1].client.post("/parcours", data={"token": stolen, "csrf_token": others[1].token()})
    assert answer.status_code == 409, "a list is of the session that it was shown in"
    world.encours.enable(alizes.NAME, on=False)
    try:
        assert world.browser.status(f"/parcours/{world.journey}") == 503
        assert world.confirm(page).status_code == 503
    finally:
        world.encours.enable(alizes.NAME)
    assert world.row()[0].state == "open"
    assert "Confirmer et transmettre" in world.read()


def test_guards_hold_at_the_start_and_again_at_the_confirmation(world: World) -> None:
    """BL-10, BL-11, BL-14: two of one nature cannot be on their way; what closed meanwhile is not sent."""
    first = world.begin()
    world.typed()
    second = world.begin()
    world.typed()
    assert world.confirm().status_code == 303
    world.journey = first
    answer = world.confirm()
    assert answer.status_code == 409
    assert "en cours de transmission" in answer.get_data(as_text=True)
    run_due()
    answer = world.confirm()
    assert answer.status_code == 409
    assert "est en cours de traitement" in answer.get_data(as_text=True)
    assert "Rachat partiel" not in world.tokens(), "greyed in the menu"
    assert len([one for one in world.office.book.operations.values() if one["contract"] == world.account.link_ref]) == 1
    assert second != first


def test_what_was_read_is_what_is_confirmed(world: World) -> None:
    """BL-14: a recap that is older than the draft sends nothing."""
    world.begin()
    world.typed()
    old = world.browser.get(f"/parcours/{world.journey}")
    world.fill("montant", amount="2 000,00", iban=IBAN)
    answer = world.confirm(old)
    assert answer.status_code == 409
    assert "La saisie a changé" in answer.get_data(as_text=True)
    assert world.row()[0].state == "open"


def test_a_double_click_begins_one_and_giving_up_deletes_all(world: World) -> None:
    """BL-14: the same form twice is one journey; abandoned, nothing typed or joined is left, the transaction is «Non aboutie»."""
    token = world.tokens()["Rachat partiel"]
    sent = {"token": token, "csrf_token": world.browser.token()}
    places = {world.browser.client.post("/parcours", data=sent).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    world.journey = places.pop().rpartition("/")[2]
    world.typed()
    assert world.rows(Upload)
    world.browser.client.post(f"/parcours/{world.journey}/abandonner", data={"csrf_token": world.browser.token()})
    journey, transaction = world.row()
    assert (journey.state, transaction.status_label) == ("abandoned", "Non aboutie")
    assert not world.rows(Upload)
    assert not [row for row in world.rows(Secret) if row.owner.startswith("journey:")]
    assert "Saisie abandonnée" in world.read()


def test_a_draft_is_resumed_from_the_accounts_transactions_and_expires(world: World) -> None:
    """BL-14: «Reprendre la saisie» for its author; after 72 hours without a touch it is deleted."""
    world.begin()
    world.fill("montant", **MONEY)
    transactions = f"/p/portefeuille/comptes/{world.account.id}/transactions"
    assert f'href="/parcours/{world.journey}"' in world.browser.get(transactions)
    assert "Reprendre" not in world.encours.browser(role="conseiller").get(transactions)
    assert "1 500,00" in world.browser.get(f"/parcours/{world.journey}/etapes/montant")
    with db.session(world.encours.here.cabinet_id) as session:
        session.scalars(select(Journey).where(Journey.id == world.journey)).one().expires_at = now() - timedelta(seconds=1)
    clock.tick(world.encours.here.cabinet_id)
    journey, transaction = world.row()
    assert (journey.state, transaction.status) == ("expired", "abandoned")
    with db.session(world.encours.here.cabinet_id, write=False) as session:
        assert vault.unseal(session, f"journey:{world.journey}", "draft") is None


def test_a_person_who_left_sends_nothing_and_a_module_that_is_off_waits(world: World) -> None:
    """BL-14, PL-04: rights and gates once more when it is transmitted."""
    world.begin()
    world.typed()
    world.confirm()
    world.encours.enable(alizes.NAME, on=False)
    run_due()
    assert (world.office.asked, world.row()[0].state) == (0, "sending")
    world.encours.enable(alizes.NAME)
    cabinet = world.encours.here.cabinet_id
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending.cabinets, "principals", lambda *_args: {})
        world.soon()
        run_due()
    assert (world.office.asked, world.row()[0].state) == (0, "refused")
    with db.session(cabinet, write=False) as session:
        assert cabinets.principals(session, [world.encours.here.administrator])


def test_what_the_partner_may_have_is_never_refused_here(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """BL-14: after a try whose answer was lost, a person who left changes nothing: it goes on being asked, by the same key."""
    world.begin()
    world.typed()
    world.confirm()
    world.office.mood = "deaf"
    run_due()
    with monkeypatch.context() as patch:
        patch.setattr(sending.cabinets, "principals", lambda *_args: {})
        world.soon()
        run_due()
    assert world.row()[0].state == "sending"
    assert "a pu parvenir au partenaire" in world.read()
    world.office.mood = "well"
    world.soon()
    run_due()
    assert (world.row()[0].state, len(world.office.book.operations)) == ("sent", 1)
    assert "RIB du souscripteur" in world.read()


def test_reports_are_judged_by_the_machine(world: World) -> None:
    """BL-13, BL-14: once an event, in the order of the partner's numbers, of its own transactions, in declared statuses."""
    world.begin()
    reference = world.row()[1].reference

    def told(event: str, seq: int, status: str, **more: Any) -> str:
        with db.session(world.encours.here.cabinet_id) as session, current.bound(session):
            ctx = context.prepare(world.encours.context(), world.encours.hub.registry.plugins[alizes.NAME])
            return report(ctx, more.pop("of", reference), event_id=event, seq=seq, status=status, at=now(), **more)

    name = world.journey
    assert told(f"{name}a", 3, "en_controle") == "applied"
    assert told(f"{name}a", 3, "en_controle") == "repeated"
    assert told(f"{name}b", 2, "pending") == "stale"
    assert told(f"{name}c", 4, "validated") == "applied"
    assert told(f"{name}d", 5, "rejected") == "contradicted"
    assert told(f"{name}e", 6, "rejected", corrects=4) == "applied"
    assert told(f"{name}f", 1, "pending", of="txn_inconnue") == "unknown"
    assert world.row()[1].status == "rejected"
    for wrong in ({"seq": 0}, {"status": "initiated"}, {"status": "inconnu"}, {"event": "é"}):
        with pytest.raises(DomainError):
            told(**{"event": f"{name}g", "seq": 9, "status": "pending", **wrong})


def test_a_plugin_that_goes_round_or_says_rubbish_costs_its_page_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """BL-14, PL-05: each is said on the page, and what was typed is kept."""
    acts = world.acts
    world.begin()
    world.fill("montant", **MONEY)
    for broken in (lambda *_args: acts.first("rachat_partiel"), lambda *_args: 42, lambda *_args: Submitted("x")):
        with monkeypatch.context() as patch:
            patch.setattr(acts, "following", broken)
            assert world.browser.status(f"/parcours/{world.journey}") == 503
    assert "Destination et pièces" in world.browser.get(f"/parcours/{world.journey}")
    assert world.row()[0].state == "open"


def _follow(world: World) -> None:
    """The repeated job's turn, as the worker takes it."""
    work.begin(world.encours.here.cabinet_id)
    with db.session(None) as session:
        for job in session.scalars(select(Job).where(Job.kind == work.FETCH)):
            job.run_at = now()
    run_due()
    assert world.encours.hub.ask(alizes.NAME, Plugin.test_connection, world.encours.context()).ok


def test_a_program_does_it_all(world: World) -> None:
    """BL-14, PL-09: begin, fill in, join, confirm, follow, give up; a refusal names its field; another's is not there."""
    here = world.encours.here
    ours = Program(world.encours.app, token_of(here.cabinet_id, here.administrator))
    theirs = Program(world.encours.app, token_of(world.encours.elsewhere.cabinet_id, world.encours.elsewhere.administrator))
    start = f"/accounts/{world.account.id}/journeys"
    assert ours.post(start, {"act": "arbitrage"}, 422)["errors"][0]["field"] == "act"
    begun = ours.post(start, {"act": "rachat_partiel"}, 201)
    where = f"/journeys/{begun['id']}"
    assert [one["name"] for one in begun["step"]["entries"]] == ["amount", "iban"]
    step = {"step": "montant", "values": {"amount": "10", "iban": IBAN}}
    wrong = ours.post(f"{where}/steps", step, 422)
    assert [one["field"] for one in wrong["errors"]] == ["amount"]
    for odd in ({"amount": 10, "iban": IBAN}, {"inconnu": "x"}, {"amount": None}):
        ours.post(f"{where}/steps", {**step, "values": odd}, 422)
    ours.post(f"{where}/steps", {**step, "step": "pieces"}, 409)
    second = ours.post(f"{where}/steps", {**step, "values": {**MONEY}})
    assert [one["slot"] for one in second["step"]["documents"]] == ["rib", "identite"]
    papers = [
        {"slot": slot, "filename": f"{slot}.pdf", "content": b64encode(data).decode()}
        for slot, data in (("rib", PDF), ("identite", PDF))
    ]
    pieces = {"step": "pieces", "values": {"purpose": "projet"}}
    for bad in ([{**papers[0], "content": "é"}], [{**papers[0], "content": b64encode(b"MZ").decode()}], papers[:1]):
        ours.post(f"{where}/steps", {**pieces, "documents": bad}, 422)
    ready = ours.post(f"{where}/steps", {**pieces, "documents": papers})
    assert ready["step"] is None
    assert {"label": "RIB du souscripteur", "text": "rib.pdf"} in ready["recap"][1]["lines"]
    ours.post(f"{where}/confirm", {"seen": "autre"}, 409)
    theirs.get(where, 404)
    for verb, body in (("steps", step), ("confirm", {"seen": ready["seen"]}), ("abandon", None)):
        theirs.post(f"{where}/{verb}", body, 404)
    theirs.post(start, {"act": "rachat_partiel"}, 404)
    assert ours.post(f"{where}/confirm", {"seen": ready["seen"]})["state"] == "sending"
    ours.post(f"{where}/abandon", None, 409)
    run_due()
    assert ours.get(where)["state"] == "sent"
    again = ours.post(start, {"act": "versement_complementaire"}, 201)
    assert ours.post(f"/journeys/{again['id']}/abandon")["state"] == "abandoned"
