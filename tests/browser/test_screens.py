"""Every screen × its states × widths × light and dark (issue 3, «How it is tried»; ux.md §3.3)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect

from core.app import create_app
from tests.browser import axe
from tests.browser import cabinets
from tests.browser import judge
from tests.browser.conftest import Enter
from tests.browser.screens import NO_SCREEN
from tests.browser.screens import PARTS
from tests.browser.screens import PUBLIC
from tests.browser.screens import SCREENS
from tests.browser.screens import Book
from tests.browser.screens import of_part
from tests.conftest import make_config
from tests.stage import Stage

BOSS = "administrateur@demo.example"
EASY = "HIM0012345"
#: What the console says of answers that are meant.
MEANT = ("404 (NOT FOUND)", "401", "422", "410", "503")
#: The widest and the narrowest: the demonstration is walked at those between.
ENDS = (1366, 320)
#: Where text twice as large must lose nothing.
KEY_SCREENS = (
    "contacts", "nouveau contact", "dossier, général", "dossier, modifier", "portefeuille d'un client", "comptes",
    "compte, synthèse", "compte, transactions", "supports", "support", "mon compte", "recherche",
)  # fmt: skip


@pytest.fixture(scope="session")
def beside(stage: Stage) -> None:
    """The empty cabinet, the one of long names, the one whose plugin fails."""
    cabinets.add(stage)


def test_every_get_route_is_a_screen_of_the_table(tmp_path: Path) -> None:
    """Issue 3: a new page without a row, or a row without its page, fails here."""
    app = create_app(make_config(tmp_path))
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    routes = {endpoint for endpoint in routes if not endpoint.startswith("api.")}  # JSON, for programs
    app.extensions["encours_hub"].close()
    listed = {screen.endpoint for screen in (*SCREENS, *PUBLIC)} - {""}
    assert routes - listed - set(NO_SCREEN) == set(), "give it a row in tests/browser/screens.py"
    assert (listed | set(NO_SCREEN)) - routes - {"plp.hook"} == set(), "its page is gone"
    assert listed & set(NO_SCREEN) == set()


def none(wrong: list[str]) -> None:
    """All that is wrong at once, a line each."""
    assert not wrong, "\n".join(wrong)


def test_the_judge_sees_what_it_is_for(enter: Enter) -> None:
    """The checks below find a text on a text, one that is cut, a line that sticks out; and let ellipses and scrolls be."""
    page = enter()
    page.evaluate(
        """() => { document.body.innerHTML = '<p id=a>dessous</p><p id=b>dessus</p><div id=c><p>une phrase coupée</p></div>'
          + '<div id=d>une longue phrase à points</div><div id=e><p>une longue phrase qui défile</p></div><p id=f></p>';
        const dress = (id, style) => Object.assign(document.getElementById(id).style, style);
        dress('b', {marginTop: '-18px'});
        for (const id of ['c', 'd', 'e']) dress(id, {width: '60px', whiteSpace: 'nowrap', overflow: 'hidden'});
        dress('e', {overflow: 'auto'}); dress('d', {textOverflow: 'ellipsis'}); dress('f', {width: '2000px'});
        document.getElementById('f').textContent = 'trop large'; }"""
    )
    found = judge.laid(page, "essai")
    assert [text.split(": ")[1] for text in found] == ["sticks out", "lies on", "cut"], found
    assert "dessous" in found[1]
    assert "coupée" in found[2]


def walk(
    page: Page, stage: Stage, book: Book, part: str, *, whole: bool, partner: bool = True, at: tuple[int, ...] = judge.WIDTHS
) -> list[str]:
    """Every screen of one of `PARTS` that the cabinet has, each loaded once."""
    wrong, seen = list[str](), 0
    page.emulate_media(reduced_motion="reduce")
    for screen in of_part(part):
        path = book.path(screen)
        if path is None or (screen.partner and not partner):
            continue
        seen += 1
        answer = page.goto(stage.web + path)
        assert answer is not None
        expected = (404,) if screen.endpoint == "" else (422,) if screen.refused else (200, 503)
        assert answer.status in expected, (screen.name, answer.status)
        if not whole:
            wrong += [*judge.size(page, screen.name), *judge.widths(page, screen.name, at)]
        else:
            wrong += judge.whole(page, screen.name, deep=seen % 3 == 1 or screen.endpoint == "styleguide.index")
            for name in screen.opens:
                wrong += opened(page, name, f"{screen.name}, {name}")
    assert seen > 4, seen
    return wrong


def opened(page: Page, name: str, where: str) -> list[str]:
    """With one of its menus open, at a desk and on a phone."""
    wrong = []
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 800})
        button = page.get_by_role("button", name=name).first
        if not button.is_visible():
            continue
        button.click()
        expect(page.locator("[popover], dialog, [role=dialog]").filter(visible=True).first).to_be_visible(timeout=8000)
        page.wait_for_load_state("networkidle")
        wrong += [f"{where}, {width} px: {text}" for text in axe.violations(page)]
        wrong += [f"{where}, {width} px: sticks out: {text}" for text in axe.overflow(page)]
        page.keyboard.press("Escape")
    page.set_viewport_size({"width": 1366, "height": 800})
    return wrong


@pytest.mark.parametrize("part", PARTS)
def test_every_screen_of_the_demonstration(stage: Stage, enter: Enter, part: str) -> None:
    """Issue 3: 1366, 768, 390, 320 px, light and dark, menus open: no violation, no scroll, nothing on anything."""
    page = enter(BOSS, expected=MEANT)
    none(walk(page, stage, Book(stage, "demo", EASY, "Durand Jeanne"), part, whole=True))


@pytest.mark.usefixtures("beside")
def test_every_screen_of_an_empty_cabinet(stage: Stage, enter: Enter) -> None:
    """ux.md §3.3 «vide»: no contact, no account, no support: each list says why and offers one action."""
    page = enter("administrateur@vide.example", expected=MEANT)
    wrong, book = [], Book(stage, "vide")
    page.emulate_media(reduced_motion="reduce")
    for screen in SCREENS:
        path = book.path(screen)
        if path is None or screen.partner or screen.endpoint == "styleguide.index":
            continue
        page.goto(stage.web + path)
        wrong += [*judge.size(page, screen.name), *judge.widths(page, screen.name, ENDS)]
        wrong += [f"{screen.name}: {text}" for text in axe.violations(page)]
        if screen.path in ("/p/contacts/", "/p/portefeuille/comptes", "/p/outils/", "/notifications"):
            said = page.locator("main").inner_text()
            assert "Aucun" in said, (screen.name, said[:300])
    none(wrong)


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("part", PARTS)
def test_every_screen_with_long_names_large_sums_and_many_rows(stage: Stage, enter: Enter, part: str) -> None:
    """ux.md §3.3 «texte long», «10 000 lignes»: names of 100 signs, a word of 80, 1 234 567 890,12 €, more rows than a page."""
    page = enter("administrateur@longs.example", expected=MEANT)
    none(walk(page, stage, Book(stage, "longs"), part, whole=False, partner=False, at=ENDS))


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("part", PARTS)
def test_every_screen_beside_a_plugin_that_fails(stage: Stage, enter: Enter, part: str) -> None:
    """PL-05, ux.md §3.3 «plugin en panne»: every hook of a third party crashes: the pages stand, and say so where it was."""
    page = enter("administrateur@panne.example", expected=MEANT)
    none(walk(page, stage, Book(stage, "panne"), part, whole=False, partner=False, at=ENDS))
    page.goto(stage.web + (Book(stage, "panne").path(SCREENS[1]) or ""))
    expect(page.get_by_role("navigation", name="Modules").get_by_role("link", name="Module Bancal")).to_be_visible()


def test_the_screens_before_the_sign_in(stage: Stage, enter: Enter) -> None:
    """SE-01: signing in, forgotten password, a link that has ended, a sign-in refused: as sound as the rest."""
    page = enter(expected=MEANT)
    page.context.clear_cookies()
    page.emulate_media(reduced_motion="reduce")
    wrong = []
    for screen in PUBLIC:
        page.goto(stage.web + screen.path)
        wrong += judge.whole(page, screen.name)
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill("conseiller@demo.example")
    page.get_by_label("Mot de passe").fill("pas le bon")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    none(wrong + judge.whole(page, "connexion refusée"))


def test_text_twice_as_large(stage: Stage, enter: Enter) -> None:
    """WCAG 1.4.4, ux.md §3.3 «texte 200 %»: root size doubled, and 640 px wide: nothing cut, nothing on anything, no scroll."""
    page = enter(BOSS, expected=MEANT)
    book, wrong = Book(stage, "demo", EASY, "Durand Jeanne"), list[str]()
    page.emulate_media(reduced_motion="reduce")
    for screen in (one for one in SCREENS if one.name in KEY_SCREENS):
        page.goto(stage.web + (book.path(screen) or ""))
        for width in (1366, 640):
            page.set_viewport_size({"width": width, "height": 800})
            if width == 1366:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            else:
                page.evaluate("document.documentElement.style.fontSize = ''")
            wrong += judge.laid(page, f"{screen.name}, {'200 %' if width == 1366 else '640 px'}")
    none(wrong)
