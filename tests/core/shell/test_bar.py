"""The module bar, the user menu, the quick menu and what every page has around it (MB-01, US-01, QM-01)."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.types import Module
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.themes import Themes
from tests.conftest import People


class Crowd(Plugin):
    """Forty entries, one with a name of forty letters, one for those who administer."""

    name, title, version = "crowd", "Foule", "1.0"

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        """Forty of them."""
        return [
            Module(f"m{place}", "M" * 40 if place == 7 else f"Module {place}", "notifications.index", weight=200 + place,
                   permission="administration" if place == 8 else None)
            for place in range(40)
        ]  # fmt: skip


class Home(Plugin):
    """A module that is the home page."""

    name, title, version = "home", "Accueil", "1.0"

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        """The entry «Accueil», wherever its weight would put it."""
        return [Module("accueil", "Accueil", "notifications.index", icon="home", weight=10)]


Install = Callable[[type[Plugin]], None]


@pytest.fixture
def install(hub: Hub, people: People) -> Install:
    """Install a plugin of the test's own in the cabinet."""

    def installed(plugin: type[Plugin]) -> None:
        hub.registry.register(plugin.name, plugin)
        with db.session(people.cabinet_id) as session:
            enabling.switch(session, hub.registry, plugin.name, on=True, actor="cli")

    return installed


def bar(client: FlaskClient, path: str = "/p/contacts/") -> str:
    page = client.get(path, follow_redirects=True).get_data(as_text=True)
    return page.split("data-bar>")[1].split("</nav>")[0]


def links(html: str) -> list[tuple[str, str]]:
    """Address and spoken name of each entry."""
    found = re.findall(r'<li><a href="([^"]+)"[^>]*>(.*?)</a>', html, re.S)
    return [(url, re.sub(r"<[^>]+>", "", inner).strip()) for url, inner in found]


def test_home_is_an_icon_that_leads_to_a_page(adviser: FlaskClient) -> None:
    """MB-01: first, named «Accueil»; with no such module it leads to the first one, never to a list of links."""
    first = links(bar(adviser))[0]
    assert first == ("/", "Accueil")
    answer = adviser.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/p/contacts/"


def test_the_active_one_is_told_without_colour(adviser: FlaskClient) -> None:
    """MB-01, RGAA 3.1: `aria-current` on one entry; on pages of no module, on none."""
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', bar(adviser)) == ["/p/contacts/"]
    assert "aria-current" not in bar(adviser, "/aide")


def test_forty_entries_are_all_there(adviser: FlaskClient, administrator: FlaskClient, install: Install) -> None:
    """MB-01, US-01: in the bar (the script puts what does not fit into «Plus») and in the sheet; without the right: absent."""
    install(Crowd)
    shown = links(bar(adviser))
    assert len(shown) == 1 + 4 + 39
    assert "Module 8" not in [label for _, label in shown]
    assert "Module 8" in [label for _, label in links(bar(administrator))]
    page = adviser.get("/p/contacts/").get_data(as_text=True)
    assert page.count(f">{'M' * 40}<") >= 1
    assert page.count("Module 39") == 2


def test_the_home_module_takes_the_home_s_place(adviser: FlaskClient, install: Install) -> None:
    """MB-01: one entry «Accueil», the module's own; «/» leads there."""
    install(Home)
    assert [one for one in links(bar(adviser)) if one[1] == "Accueil"] == [("/notifications", "Accueil")]
    assert adviser.get("/").headers["Location"] == "/notifications"


def test_the_user_menu_has_what_exists(adviser: FlaskClient) -> None:
    """US-01, US-02: own file, account, Services, Espace abonnement, help, shortcuts, look, sign-out; every link answers."""
    menu = adviser.get("/aide").get_data(as_text=True).split('id="menu-utilisateur"')[1].split("</form>")[0]
    addresses = re.findall(r'<a class="e-item" href="([^"]+)"', menu)
    assert addresses == ["/mon-compte/fiche", "/mon-compte", "/services", "/abonnement", "/aide", "/aide/raccourcis"]
    assert [adviser.get(one).status_code for one in addresses] == [200] * 6
    assert "Se déconnecter" in menu


def test_the_quick_menu_and_the_palette_offer_the_same(adviser: FlaskClient, administrator: FlaskClient) -> None:
    """QM-01: one list in two places; the palette leads to the shell's own pages as well."""
    for client in (adviser, administrator):
        page = client.get("/aide").get_data(as_text=True)
        menu = page.split('id="menu-rapide"')[1].split("</div>")[0]
        palette = page.split("data-actions")[1].split("</div>")[0]
        offered = re.findall(r'<a class="e-item" href="([^"]+)"', menu)
        assert offered
        assert re.findall(r'<a [^>]*href="([^"]+)"', palette) == [*offered, "/services", "/abonnement"]


def test_skip_links_and_regions(adviser: FlaskClient) -> None:
    """ux.md §2.0: two skip links that lead somewhere; one region of messages; titles of refused forms say so first."""
    page = adviser.get("/p/contacts/").get_data(as_text=True)
    for target in re.findall(r'class="e-skip" href="#([a-z]+)"', page):
        assert f'id="{target}"' in page
    assert page.count('class="e-skip"') == 2
    assert page.count('class="e-messages" role="status"') == 1


def test_a_refused_form_is_said_in_the_title_and_above_the_page() -> None:
    """ux.md §2.11: «Erreur : » begins the title; the summary stands below the breadcrumb and above the title of the page."""
    pages = {
        path: text
        for folder in ("core", "plugins")
        for path in sorted(Path(folder).rglob("templates/**/*.html"))
        if "forms.error_summary(" in (text := path.read_text("utf-8")) and "{% block title %}" in text
    }
    assert len(pages) > 10
    for path, text in pages.items():
        title = text.split("{% block title %}")[1].split("{% endblock %}")[0]
        assert "Erreur\u202f:" in title[:90] or "forms.refused(" in title[:60], path
        heads = [text.index(mark) for mark in ("<h1", "file.head(") if mark in text]
        assert all(text.index("forms.error_summary(") < head for head in heads), path
        assert "file.head(contact, frame, crumbs" not in text, path


def light_of(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_each_module_of_ours_has_its_own_colour_that_is_read(adviser: FlaskClient) -> None:
    """ux.md §2.0: the active module's colour is its own, never the grey of a stranger's, at 4.5:1 in both themes."""
    rules, ours = Path("core/static/css/shell.css").read_text("utf-8"), Themes().of(None)
    seen = set()
    for tokens in (ours.light, ours.dark):
        for name in ("accueil", "contacts", "portefeuille", "conformite", "outils"):
            assert f".e-m-{name} {{ --module: var(--module-{name})" in rules
            accent = tokens[f"module-{name}"]
            assert accent not in seen
            seen.add(accent)
            for ground in (tokens[f"module-{name}-soft"], tokens["surface"]):
                high, low = sorted((light_of(accent), light_of(ground)), reverse=True)
                assert (high + 0.05) / (low + 0.05) >= 4.5, (name, accent, ground)
    page = adviser.get("/notifications").get_data(as_text=True)
    assert set(re.findall(r'class="e-m-([a-z]+)', page)) <= {"accueil", "contacts", "portefeuille", "conformite", "outils"}
