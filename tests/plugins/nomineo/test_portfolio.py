"""AGG-01, «a partner API; nightly and on demand»: the company's portfolios, asked by signed requests, fill our accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from typing import Literal

import pytest
from sqlalchemy import func
from sqlalchemy import select

from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.models import Position
from core.db.clock import today
from core.extensions import db
from core.hooks import settings
from core.hooks.errors import PartnerRefused
from core.jobs import queue
from core.links import orders
from core.links.client import PlpClient
from core.links.orders import Instruction
from core.shell.models import Notification
from plugins.aggregation.pipeline import pulling
from plugins.aggregation.pipeline.models import FeedAccount
from plugins.aggregation.pipeline.models import FeedFile
from plugins.aggregation.pipeline.models import FeedSource
from plugins.nomineo import portfolio
from tests.faults import campaign
from tests.faults.test_machine import opened
from tests.pair import NUMBERS
from tests.pair import PLUGIN
from tests.pair import Pair
from tests.stage import field
from tests.stage import texts

pytestmark = pytest.mark.xdist_group("links")
PAGE, BOSS = "/p/aggregation/", "administrateur@demo.example"


@pytest.fixture(scope="module")
def _both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = Pair(tmp_path_factory.mktemp("portfolio"))
    yield made
    made.close()


@pytest.fixture
def pair(_both: Pair) -> Iterator[Pair]:
    """Platform and extranet, as at the beginning."""
    yield from _both.lent()


def press(pair: Pair, email: str = BOSS) -> int:
    """«Actualiser maintenant», then the worker until nothing is due; the answer's status."""
    person = pair.person(email)
    token = field(person.get(PAGE).text, "csrf_token")
    status = person.post(f"{PAGE}partenaires/{PLUGIN}/actualiser", csrf_token=token).status_code
    work(pair)
    return status


def work(pair: Pair) -> None:
    while pair.work():
        pass


def source(pair: Pair) -> FeedSource:
    with db.session(pair.cabinet_id, write=False) as session:
        return session.scalars(select(FeedSource)).one()


def ours(pair: Pair) -> dict[str, tuple[Decimal, str]]:
    """Folded number → value and what fills it."""
    with db.session(pair.cabinet_id, write=False) as session:
        rows = session.execute(select(Account.number_key, Account.value, Account.origin).where(Account.number_key.in_(NUMBERS)))
        return {number: (value, origin) for number, value, origin in rows.all()}


def theirs(pair: Pair) -> dict[str, Decimal]:
    """The same numbers' values in the company's book."""
    with pair.world.store.read() as connection:
        rows = connection.execute(
            "SELECT ref_key, sum(amount) AS cents FROM contracts JOIN positions ON contract_id = id GROUP BY ref_key"
        )
        return {row["ref_key"]: Decimal(row["cents"]) / 100 for row in rows if row["ref_key"] in NUMBERS}


def counted(pair: Pair, model: Any) -> int:
    with db.session(pair.cabinet_id, write=False) as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def states(pair: Pair) -> list[tuple[str, str]]:
    """Name and state of each file, in their order."""
    with db.session(pair.cabinet_id, write=False) as session:
        return [(row.name, row.state) for row in session.scalars(select(FeedFile).order_by(FeedFile.id))]


def told(pair: Pair) -> list[str]:
    with db.session(pair.cabinet_id, write=False) as session:
        wanted = select(Notification.title).where(Notification.kind == "warning")
        return sorted(set(session.scalars(wanted)))


def test_the_companys_book_fills_our_accounts(pair: Pair) -> None:
    """AGG-01: values and lines of each account that the link knows; the same answer changes nothing; undone like any file."""
    assert press(pair) == 303
    assert ours(pair) == {number: (value, "AGREGE") for number, value in theirs(pair).items()}
    assert counted(pair, Position) > len(NUMBERS)
    (first,) = states(pair)
    assert first == (f"nomineo-{today()}.json", "APPLIQUE")
    row = source(pair)
    assert (row.state, row.on, row.pages) == ("A_JOUR", today(), 1)
    boss = pair.person(BOSS)
    page = texts(boss.get(PAGE).text)
    assert "Sources lues par Encours" in page
    assert "comptes à rattacher" in page  # the company's other contracts, which nobody attached
    account = texts(pair.marc.get(f"/p/aggregation/provenance/{pair.marc.account(NUMBERS[0])}").text)
    assert f"nomineo-{today()}.json" in account
    assert "contrat HIM 010 000-1, ligne 1" in account

    held = counted(pair, Position)
    assert press(pair) == 303  # nothing is new: not even a file
    assert (states(pair), counted(pair, Position)) == ([first], held)

    pair.marc.validate(opened(pair, NUMBERS[0], "Versement complémentaire"))
    ((reference, _one),) = campaign.theirs(pair).items()
    pair.sim("POST", f"/transactions/{reference}/status", status="validated")
    assert press(pair) == 303
    assert [state for _name, state in states(pair)] == ["APPLIQUE", "APPLIQUE"]
    assert {number: value for number, (value, _origin) in ours(pair).items()} == theirs(pair)
    with db.session(pair.cabinet_id, write=False) as session:
        (moved,) = session.scalars(select(Movement))
        assert (moved.kind, moved.amount, moved.on) == ("VERSEMENT", Decimal(1500), today())
        newest = session.scalars(select(FeedFile.id).order_by(FeedFile.id.desc())).first()
    token = field(boss.get(f"{PAGE}fichiers/{newest}").text, "csrf_token")
    assert boss.post(f"{PAGE}fichiers/{newest}/annuler", csrf_token=token).status_code == 303
    assert counted(pair, Movement) == 0
    assert press(pair) == 303
    assert states(pair)[-1][1] == "ANNULE"  # what a person took back does not come again by itself


def test_pages_follow_each_other_and_a_reading_that_is_cut_goes_on(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """AGG-01, «resumable»: three pages, the worker falls over the second; what is written once is the same as in one go."""
    monkeypatch.setattr(portfolio, "LIMIT", 30)
    real, falls = pulling._go_on, [2]

    def go_on(*given: Any) -> None:
        falls[0] -= 1
        if falls[0] == 0:
            raise KeyboardInterrupt
        real(*given)

    monkeypatch.setattr(pulling, "_go_on", go_on)
    assert press(pair) == 303
    assert (source(pair).state, source(pair).pages, len(states(pair))) == ("EN_COURS", 1, 1)
    assert press(pair) == 303  # while it is read nobody begins another
    assert source(pair).pages == 1
    pair.move(timedelta(minutes=5))
    work(pair)
    row = source(pair)
    assert (row.state, row.pages, row.cursor) == ("A_JOUR", 3, "")
    assert [state for _name, state in states(pair)] == ["APPLIQUE"] * 3
    assert {number: value for number, (value, _origin) in ours(pair).items()} == theirs(pair)
    with db.session(pair.cabinet_id, write=False) as session:
        keys = list(session.scalars(select(FeedAccount.key)))
    assert len(keys) == len(set(keys)) > 60
    assert "HIM0088888" not in keys  # another broker's


#: A fault of the company's answer → a word of what people are told.
FAULTS = {
    "503": "en maintenance", "malformed": "illisible", "redirect": "autre adresse", "content_type": "format convenu",
}  # fmt: skip


def test_what_goes_wrong_is_said_and_healed(pair: Pair) -> None:
    """AGG-02: why, what to do, the administrators told; nothing half-written; the next reading is whole."""
    before, boss = ours(pair), pair.person(BOSS)
    for kind, said in FAULTS.items():
        pair.sim("POST", "/faults", op="portfolio", kind=kind, times=1)
        assert press(pair) == 303
        row = source(pair)
        assert (row.state, states(pair), ours(pair)) == ("ECHEC", [], before), kind
        assert said in row.trouble
        assert row.remedy
        assert texts(f"{row.trouble} {row.remedy}") in texts(boss.get(PAGE).text)
    assert "Flux interrompu\u202f: Nominéo" in told(pair)
    assert press(pair) == 303
    assert source(pair).state == "A_JOUR"


def test_who_may_ask_and_who_may_not(pair: Pair) -> None:
    """AGG-01, BL-03: an adviser may not; unsigned, in an adviser's name, without a mandate: refused, nobody is called."""
    assert press(pair, "conseiller@demo.example") == 403
    assert counted(pair, FeedSource) == 0
    bare = pair.exchange("GET", f"{pair.extranet}{portfolio.PATH}", {"PLP-Version": "1"}, None)
    assert (bare.status_code, bare.get_json()["type"]) == (401, "urn:plp:problem:invalid-assertion")
    client = PlpClient(pair.cabinet_id, PLUGIN)
    asked: dict[str, Any] = {"operation": "portfolio", "mandate": client.mandate}
    answer = client._exchange("GET", pair.extranet + portfolio.PATH, subject="adv_somebody_else_x", **asked)
    assert answer.status == 403
    answer = client._exchange("GET", client.base_url + portfolio.PATH, subject=client.mandate, **asked)
    assert answer.status == 404  # PLP/1 has no such resource: it stands beside
    with pytest.raises(PartnerRefused):
        client.beside(portfolio.PATH, operation="portfolio", query={"cursor": "1-2-forged"})
    pair.sim("POST", f"/mandates/{pair.mandate}/suspend")
    pair.sender.flush()
    work(pair)
    assert press(pair) == 303
    row = source(pair)
    assert (row.state, row.pages) == ("MANDAT", 0)
    assert "suspendu" in row.trouble
    assert "Flux interrompu\u202f: Nominéo" not in told(pair)


def test_each_night_once(pair: Pair) -> None:
    """AGG-01, «nightly»: in the name of who was chosen, once a night; nobody chosen, nobody asked."""

    def night() -> int:
        with db.session(pair.cabinet_id) as session:
            queue.enqueue(session, "plugin.job", {"plugin": "aggregation", "key": "feeds.nightly", "data": {}})
        work(pair)
        return len(states(pair))

    assert night() == 0
    with db.session(pair.cabinet_id) as session:
        plugin = pair.hub.registry.plugins["aggregation"]
        settings.save(session, plugin, {"nightly": BOSS, "stale": 45}, actor="cli")
    assert night() == 1
    assert night() == 1
    pair.move(timedelta(days=1))
    assert night() == 2
    assert [name for name, _state in states(pair)] == [f"nomineo-{today() - timedelta(days=n)}.json" for n in (1, 0)]
    assert {number: value for number, (value, _origin) in ours(pair).items()} == theirs(pair)


def test_orders_are_filled_on_the_partner_s_page(pair: Pair) -> None:
    """PF-09: the list says that orders go along; they are on the partner's page, free to change; other acts go without."""
    marc = pair.marc
    account = marc.account(NUMBERS[0])
    with pair.world.store.read() as connection:
        held = "SELECT code FROM contracts JOIN positions ON contract_id = id WHERE ref_key = ? AND code LIKE 'FR%'"
        sold = connection.execute(held, (NUMBERS[0],)).fetchone()["code"]
    sides: tuple[tuple[Literal["out", "in"], str], ...] = (("out", sold), ("in", "EURO-1"))
    wanted = [
        Instruction(side, Decimal("1200.50"), isin=code if side == "out" else None, support_ref=None if side == "out" else code)
        for side, code in sides
    ]
    with pair.app.app_context():
        mine = orders.ticket(pair.people.adviser, account, "arbitrage", wanted)
        theirs = orders.ticket(pair.people.other, account, "arbitrage", wanted)
    path = f"/liens/nomineo/comptes/{account}/actes"
    page = marc.get(f"{path}?ordres={mine}", **{"X-Fragment": "1"}).text
    assert "Vos ordres sont déjà saisis dans : Arbitrage. Vérifiez" in texts(page)
    assert f"ordres={mine}" in re.findall(r'href="([^"]+)" data-refresh', page)[0]
    for without in (path, f"{path}?ordres={theirs}", f"{path}?ordres=%00"):
        said = texts(marc.get(without, **{"X-Fragment": "1"}).text)
        assert ("Arbitrage" in said, "ordres" in said) == (True, False)
    shown = marc.tokens(page)
    act = marc.enter(marc.launch(shown["Arbitrage"]).text)
    assert re.search(rf'name="out:{sold}"[^>]*value="1[ \u202f\xa0]?200,50"', act.text)
    assert re.search(r'name="in:EURO-1"[^>]*value="100(,00)?"', act.text)
    (told,) = (one["prefill"] for one in pair.sim("GET", "/transactions") if one["account"] == NUMBERS[0])
    assert [one["value"] for one in told["instructions"]] == ["1200.50", "1200.50"]
    assert told["dropped"] == 0
