"""Statuses come to open pages by themselves: by the stream, by asking where it is refused, by the feed without hooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.gestures import begin
from tests.browser.gestures import decide
from tests.browser.gestures import on_contract
from tests.browser.gestures import open_list
from tests.browser.gestures import poll
from tests.browser.gestures import spelled
from tests.browser.gestures import to_account
from tests.stage import Person
from tests.stage import Stage
from tests.stage import until

#: Keeps what a screen reader is told, and marks the page: a reload would lose the mark.
LISTEN = """() => { window.__same = true; window.__said = []; const box = document.getElementById('annonces');
  new MutationObserver(() => window.__said.push(box.textContent)).observe(box, {childList: true}); }"""
STREAM = re.compile(r"/live/stream")
LIVE_SCRIPT = re.compile(r"/js/live\.js$")


@pytest.fixture(autouse=True)
def calm(stage: Stage) -> Iterator[None]:
    """No fault before nor after."""
    stage.sim("DELETE", "/faults")
    stage.close_breaker()
    yield
    stage.sim("DELETE", "/faults")


def shows(page: Page, status: str, *, seconds: float = 15) -> None:
    expect(page.get_by_role("row").nth(1).get_by_text(status, exact=True)).to_be_visible(timeout=seconds * 1000)


def test_the_stream_tells_every_tab_once(stage: Stage, enter: Enter) -> None:
    """BL-13, ux.md §2.5: «En attente» then «Validé» without reload, said once, in both tabs, over one stream."""
    number = "HIM0100031"
    page = enter()
    streams: list[str] = []
    page.context.on("request", lambda asked: streams.append(asked.url) if STREAM.search(asked.url) else None)
    to_account(page, stage, number, "Transactions")
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        tab.evaluate(LISTEN)
    marc = Person(stage)
    account = marc.account(number)
    streams.clear()
    marc.validate(begin(marc, number, "Versement complémentaire"))
    for tab in (page, other):
        shows(tab, "En attente")
        expect(tab.get_by_role("row").nth(1)).to_contain_text("1 500,00 €")
    decide(stage, account, "validated")
    for tab in (page, other):
        shows(tab, "Validé")
        said = tab.evaluate("window.__said")
        assert [text for text in said if "Validé" in text] == ["Statut mis à jour\u202f: Validé"]
        assert len(said) == len(set(said)), said
        assert tab.evaluate("window.__same") is True, "the page was reloaded"
    assert len(streams) <= 1, "each tab held a stream of its own"


def test_what_happens_while_a_page_loads_is_not_lost(stage: Stage, enter: Enter) -> None:
    """BL-13: the status changes after the server made the page and before its script listens; alone, and with a leader."""
    number = "XAE0200008"
    marc = Person(stage)
    account = marc.account(number)
    marc.validate(begin(marc, number, "Arbitrage"))
    page = enter()
    loading = [stage_status(stage, account, "signature_awaited"), stage_status(stage, account, "validated")]
    page.context.route(LIVE_SCRIPT, lambda route: (loading[0](), route.continue_()))
    to_account(page, stage, number, "Transactions")
    shows(page, "Signature attendue")
    page.context.unroute(LIVE_SCRIPT)
    other = page.context.new_page()
    other.route(LIVE_SCRIPT, lambda route: (loading[1](), shows(page, "Validé"), route.continue_()))
    other.goto(page.url)
    shows(other, "Validé")


def stage_status(stage: Stage, account: str, status: str) -> Callable[[], None]:
    """Once: the partner's word, and wait until it is ours."""
    done: list[str] = []

    def change() -> None:
        if not done:
            done.append(status)
            until(lambda: current(stage, account) != "opened")
            decide(stage, account, status)
            until(lambda: current(stage, account) == status)

    return change


def current(stage: Stage, account: str) -> str:
    """The status that we hold of the newest transaction launched here."""
    wanted = 'SELECT status FROM "transaction" WHERE account_id = ? AND plugin IS NOT NULL ORDER BY created_at DESC'
    found: str = stage.rows(wanted, account)[0][0]
    return found


def test_a_refusal_comes_with_its_reason(stage: Stage, enter: Enter) -> None:
    """BL-13: «Refusé» with the partner's reason; the bell counts it, its page tells it."""
    number = "HIM0100036"
    marc = Person(stage)
    account = marc.account(number)
    marc.validate(begin(marc, number, "Rachat partiel"))
    page = enter()
    to_account(page, stage, number, "Transactions")
    shows(page, "En attente")
    decide(stage, account, "rejected", "kyc_incomplete")
    shows(page, "Refusé")
    bell = page.get_by_role("link", name=re.compile(r"^Notifications, \d+ non lues?$"))
    expect(bell).to_be_visible(timeout=15000)
    bell.click()
    expect(page.get_by_role("link", name="Rachat partiel : Refusé").first).to_be_visible()


def test_ten_tabs_and_an_eleventh(stage: Stage, enter: Enter) -> None:
    """PL-05: however many tabs a person has, the next page loads and the list opens: one stream a session."""
    number = "HIM0100034"
    page = enter()
    for _ in range(9):
        page.context.new_page().goto(f"{stage.web}/notifications", wait_until="domcontentloaded")
    eleventh = page.context.new_page()
    eleventh.set_default_timeout(8000)
    to_account(eleventh, stage, number)
    assert open_list(eleventh, number).get_by_role("button").count() > 10


def test_asking_where_the_stream_is_refused(stage: Stage, enter: Enter) -> None:
    """ux.md §2.5, PLP-105 aside: no stream: asked every 5 s while seen, not while hidden, at once on coming back."""
    number = "XAE0200004"
    page = enter(expected=("503 (Service Unavailable)",))
    page.context.route(STREAM, lambda route: route.fulfill(status=503, body=""))
    to_account(page, stage, number, "Transactions")
    page.evaluate(LISTEN)
    marc = Person(stage)
    account = marc.account(number)
    marc.validate(begin(marc, number, "Arbitrage"))
    shows(page, "En attente")
    page.evaluate(
        """() => { Object.defineProperty(document, 'hidden', {get: () => window.__hidden, configurable: true});
        window.__hidden = true; document.dispatchEvent(new Event('visibilitychange')); }"""
    )
    page.wait_for_timeout(5500)  # the turn that had begun when it was hidden
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if re.search(r"/live(\?|$)", request.url) else None)
    decide(stage, account, "validated")
    page.wait_for_timeout(5500)
    assert asked == [], "a hidden tab goes on asking"
    shows(page, "En attente", seconds=1)
    page.evaluate("() => { window.__hidden = false; document.dispatchEvent(new Event('visibilitychange')); }")
    shows(page, "Validé", seconds=4)
    assert page.evaluate("window.__same") is True


def test_the_feed_brings_what_hooks_lost(stage: Stage, enter: Enter) -> None:
    """BL-13, PLP-101, PLP-106: every notification dropped: one polling round, and the open page shows it."""
    number = "XAE0200005"
    stage.sim("POST", "/faults", op="hooks", kind="drop", times=-1)
    page = enter()
    to_account(page, stage, number, "Transactions")
    page.evaluate(LISTEN)
    marc = Person(stage)
    account = marc.account(number)
    marc.validate(begin(marc, number, "Arbitrage"))
    shows(page, "Ouverte chez le partenaire")
    assert "changement" in poll(stage)
    shows(page, "En attente")
    decide(stage, account, "validated")
    poll(stage)
    shows(page, "Validé")
    assert page.evaluate("window.__same") is True
    page.get_by_role("link", name=re.compile("Détail de la transaction")).first.click()
    expect(page.get_by_text("partenaire, par relevé").first).to_be_visible()


def test_back_by_revenir(stage: Stage, enter: Enter) -> None:
    """PLP-059, PLP-082: the partner's link leads to a page of ours, with our status, live, and on to where it began."""
    number = "XAE0200007"
    page = enter()
    to_account(page, stage, number, "Transactions")
    with page.context.expect_page() as opened:
        open_list(page, number).get_by_role("button", name="Versement complémentaire").click()
    extranet = opened.value
    on_contract(extranet, stage, spelled(number))
    extranet.get_by_label("Montant du versement").fill("2 500,50")
    extranet.get_by_label("IBAN du compte débité").fill("FR76 3000 6000 0112 3456 7890 189")
    extranet.get_by_label("Origine des fonds").select_option("Épargne")
    extranet.get_by_label(re.compile("Répartition")).first.fill("100")
    extranet.get_by_role("button", name="Continuer").click()
    extranet.get_by_role("button", name="Valider la transaction").click()
    extranet.get_by_role("link", name="Revenir").click()
    expect(extranet.get_by_role("heading", name="Vous êtes de retour")).to_be_visible()
    assert extranet.url.startswith(f"{stage.web}/plp/return?launch=lch_")
    expect(extranet.get_by_text("En attente", exact=True)).to_be_visible(timeout=15000)
    decide(stage, Person(stage).account(number), "validated")
    expect(extranet.get_by_text("Validé", exact=True)).to_be_visible(timeout=15000)
    extranet.get_by_role("link", name=re.compile("Revenir au compte Xaélidia")).click()
    expect(extranet).to_have_url(page.url)
    expect(extranet.get_by_role("row").nth(1)).to_contain_text("2 500,50 €")
