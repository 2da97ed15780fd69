"""The new tab: opened in spite of a blocker; and where it does not come, a link that leads to the very same launch."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.gestures import awake
from tests.browser.gestures import begin
from tests.browser.gestures import icon
from tests.browser.gestures import on_contract
from tests.browser.gestures import open_list
from tests.browser.gestures import spelled
from tests.browser.gestures import to_account
from tests.stage import PASSWORD
from tests.stage import Person
from tests.stage import Stage
from tests.stage import until

LAUNCHES = re.compile(r"/plp/launches$")
#: Chromium writes these when a test's own routing cuts a request.
CUT = ("net::ERR_FAILED",)
NOTICE = "L'onglet ne s'est pas ouvert"
#: Says whether the blocker is really on: a window that no click asked for does not open.
BLOCKED = "if (location.pathname === '/notifications') window.__refused = window.open('/healthz') === null;"


@pytest.fixture(autouse=True)
def calm(stage: Stage) -> Iterator[None]:
    """No fault before nor after."""
    stage.sim("DELETE", "/faults")
    stage.close_breaker()
    yield
    stage.sim("DELETE", "/faults")


def written(stage: Stage, number: str) -> list[str]:
    """The statuses of the transactions that were launched here on an account."""
    account = Person(stage).account(number)
    wanted = 'SELECT status FROM "transaction" WHERE account_id = ? AND plugin IS NOT NULL'
    return [status for (status,) in stage.rows(wanted, account)]


def launches(stage: Stage, number: str) -> int:
    """How many launches an account has."""
    account = Person(stage).account(number)
    found: int = stage.rows("SELECT count(*) FROM link_launch WHERE account_id = ?", account)[0][0]
    return found


def press(page: Page, number: str, act: str = "Arbitrage") -> None:
    open_list(page, number).get_by_role("button", name=act).first.click()


def test_the_blocker_is_on_and_a_slow_list_still_opens_the_extranet(
    stage: Stage, enter: Enter, blocker: Browser
) -> None:
    """BL-07, PLP-052: the list takes 3 s to come, longer would not matter: the tab belongs to its own click."""
    number = "HIM0100016"
    page = enter(using=blocker)
    page.context.add_init_script(BLOCKED)
    page.goto(f"{stage.web}/notifications")
    assert page.evaluate("window.__refused") is True, "this browser blocks nothing: the test proves nothing"
    to_account(page, stage, number)
    stage.sim("POST", "/faults", op="capabilities", kind="latency", times=1, value=2.5)
    icon(page, number).click()
    act = page.get_by_role("dialog").get_by_role("button", name="Arbitrage")
    expect(act).to_be_visible(timeout=8000)
    page.wait_for_timeout(6000)  # the activation of the click on the icon is over
    with page.context.expect_page() as opened:
        act.click()
    on_contract(opened.value, stage, spelled(number))
    expect(page.get_by_text(NOTICE)).to_have_count(0)
    assert written(stage, number) == ["opened"], "a click alone is not «En attente»"


def test_a_tab_that_does_not_come_leaves_a_link_to_the_same_launch(stage: Stage, enter: Enter) -> None:
    """BL-07, PLP-054: its request aborted: notice within 4 s, nothing written, the link leads on, one transaction."""
    number = "HIM0100022"
    page = enter(expected=CUT)
    to_account(page, stage, number)
    page.context.route(LAUNCHES, lambda route: route.abort())
    press(page, number)
    begun = time.monotonic()
    notice = page.get_by_role("alert").filter(has_text=NOTICE)
    expect(notice).to_be_visible(timeout=6000)
    assert time.monotonic() - begun < 5
    expect(notice.get_by_text("Toujours autoriser")).to_be_visible()
    assert written(stage, number) == []
    page.context.unroute(LAUNCHES)
    for lost in page.context.pages[1:]:
        lost.close()
    with page.context.expect_page() as opened:
        notice.get_by_role("link", name="Ouvrir l'extranet").click()
    again = opened.value
    expect(again.get_by_role("heading", name="L'ouverture de Nominéo n'est pas encore partie")).to_be_visible()
    again.get_by_role("button", name="Ouvrir Nominéo").click()
    on_contract(again, stage, spelled(number))
    assert written(stage, number) == ["opened"]
    assert launches(stage, number) == 1


def test_in_the_same_tab(stage: Stage, enter: Enter) -> None:
    """BL-07: «Ouvrir dans cet onglet», for whom no tab ever opens; the way back is not a second opening."""
    number = "HIM0100037"
    page = enter(expected=CUT)
    to_account(page, stage, number)
    page.context.route(LAUNCHES, lambda route: route.abort())
    press(page, number)
    link = page.get_by_role("link", name="Ouvrir dans cet onglet")
    expect(link).to_be_visible(timeout=6000)
    page.context.unroute(LAUNCHES)
    link.click()
    page.get_by_role("button", name="Ouvrir Nominéo").click()
    on_contract(page, stage, spelled(number))
    assert written(stage, number) == ["opened"]


def test_a_tab_lost_after_its_request_arrived(stage: Stage, enter: Enter) -> None:
    """BL-07, PLP-053: the server has the launch, the person has no tab: the link leads to that launch, no other."""
    number = "HIM0100039"
    page = enter(expected=CUT)
    page.clock.install()
    to_account(page, stage, number)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url) if "/plp/launches/" in request.url else None)
    page.context.route(LAUNCHES, lose)
    press(page, number)
    until(lambda: written(stage, number) == ["initiated"], sleep=awake(page))
    link = page.get_by_role("link", name="Ouvrir l'extranet")
    for _ in range(20):  # it waits for the tab while the server has the launch: half a minute, then it says so
        if link.count():
            break
        page.clock.fast_forward(3600)
        page.wait_for_timeout(150)
    expect(link).to_be_visible()
    assert len(asked) > 10, "it did not wait for the tab"
    page.context.unroute(LAUNCHES)
    with page.context.expect_page() as opened:
        link.click()
    on_contract(opened.value, stage, spelled(number))
    assert written(stage, number) == ["opened"]
    assert launches(stage, number) == 1


def late(seconds: float) -> Callable[[Route], None]:
    """The server has the form at once; its answer comes to the tab later."""

    def answer(route: Route) -> None:
        got = route.fetch()
        time.sleep(seconds)
        route.fulfill(response=got)

    return answer


def test_no_false_notice_when_the_tab_opens_slowly(stage: Stage, enter: Enter) -> None:
    """BL-07: the hand-over answer takes 3 s, then 5 s: nothing false is said, the page says «Ouvert» when it is."""
    number = "HIM0100027"
    page = enter()
    to_account(page, stage, number)
    for seconds in (3, 5):
        page.context.route(LAUNCHES, late(seconds))
        shown = open_list(page, number)
        page.evaluate(
            """() => { window.__said = []; new MutationObserver(() => {
              const found = document.querySelector('[data-launch-link]'); if (found) window.__said.push(1);
            }).observe(document.body, {childList: true, subtree: true}); }"""
        )
        with page.context.expect_page(timeout=10000) as opened:
            shown.get_by_role("button", name="Arbitrage").first.click()
        expect(page.get_by_text("Ouvert dans un nouvel onglet.")).to_be_visible(timeout=10000)
        on_contract(opened.value, stage, spelled(number))
        opened.value.close()
        assert page.evaluate("window.__said") == [], "a notice was shown for a tab that came"
        expect(page.get_by_role("dialog")).to_have_count(0, timeout=5000)
        page.context.unroute(LAUNCHES)


def test_a_double_click_makes_one_transaction_and_one_tab(stage: Stage, enter: Enter) -> None:
    """BL-01, PLP-053: pressed twice in a row, the act is launched once."""
    number = "HIM0100028"
    page = enter()
    to_account(page, stage, number)
    with page.context.expect_page() as opened:
        open_list(page, number).get_by_role("button", name="Arbitrage").first.dblclick()
    on_contract(opened.value, stage, spelled(number))
    page.wait_for_timeout(500)
    assert len(page.context.pages) == 2
    assert written(stage, number) == ["opened"]
    assert launches(stage, number) == 1


def test_the_hand_over_page_seen_again(stage: Stage, enter: Enter) -> None:
    """PLP-054, PLP-060: its policy names the partner; a launch that was used says so, and leads back."""
    number = "HIM0100029"
    page = enter(expected=("410 (GONE)",))
    to_account(page, stage, number)
    policies: list[str] = []
    page.context.on(
        "response",
        lambda answer: policies.append(answer.headers["content-security-policy"]) if LAUNCHES.search(answer.url) else None,
    )
    shown = open_list(page, number)
    token = shown.locator("form[data-launch]").first.locator("[name=token]").input_value()
    with page.context.expect_page() as opened:
        shown.get_by_role("button", name="Arbitrage").first.click()
    on_contract(opened.value, stage, spelled(number))
    assert f"form-action 'self' {stage.extranet}" in policies[0]
    assert "connect-src" not in policies[0]
    opened.value.goto(f"{stage.web}/plp/launches/{token}")
    expect(opened.value.get_by_role("heading", name="Cette ouverture a déjà servi")).to_be_visible()
    opened.value.get_by_role("link", name="Revenir au compte").click()
    expect(opened.value.get_by_role("heading", name=number)).to_be_visible()


def test_a_refused_act_opens_its_reason_and_no_false_notice(stage: Stage, enter: Enter) -> None:
    """BL-11, BL-07: closed while its list was open: the new tab says why; the first tab does not say it is missing."""
    number = "XAE0200019"
    page = enter(expected=("409 (CONFLICT)",))
    to_account(page, stage, number)
    shown = open_list(page, number)
    marc = Person(stage)
    marc.validate(begin(marc, number, "Arbitrage"))
    until(lambda: written(stage, number) == ["pending"], sleep=awake(page))
    with page.context.expect_page() as opened:
        shown.get_by_role("button", name="Arbitrage").first.click()
    expect(opened.value.get_by_role("heading", name="Acte non disponible")).to_be_visible()
    expect(opened.value.get_by_text("est en cours de traitement")).to_be_visible()
    expect(page.get_by_text("Ouvert dans un nouvel onglet.")).to_be_visible(timeout=3000)
    page.wait_for_timeout(4200)
    expect(page.get_by_text(NOTICE)).to_have_count(0)
    assert written(stage, number) == ["pending"]


def test_a_session_that_ended_meanwhile(stage: Stage, enter: Enter) -> None:
    """Issue 2 «session expired in mid-way»: the list and the launch each say so, and lead back to the page."""
    number = "XAE0200020"
    page = enter(expected=("401 (UNAUTHORIZED)",))
    to_account(page, stage, number)
    here = page.url
    shown = open_list(page, number)
    page.context.clear_cookies(name="encours_sid")
    with page.context.expect_page() as opened:
        shown.get_by_role("button", name="Arbitrage").first.click()
    expect(opened.value.get_by_role("heading", name="Session expirée")).to_be_visible()
    expect(shown.get_by_role("heading", name="Votre session a expiré")).to_be_visible(timeout=6000)
    expect(page.get_by_text(NOTICE)).to_have_count(0)
    shown.get_by_role("link", name="Vérifier à nouveau").click()
    expect(shown.get_by_role("heading", name="Votre session a expiré")).to_be_visible()
    shown.get_by_role("link", name="Se reconnecter").click()
    page.get_by_label("Adresse e-mail").fill("conseiller@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(here)
    assert written(stage, number) == []
