"""The help inside the product: chapters, table of contents, search, tutorials (US-01)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.help import pages

EVERY = [*pages.shelf(pages.DOCUMENTATION), *pages.shelf(pages.TUTORIALS)]


def address(page: pages.HelpPage) -> str:
    return f"/aide/tutoriels/{page.slug}" if page.shelf == pages.TUTORIALS else f"/aide/{page.slug}"


def test_the_chapters_that_were_promised() -> None:
    """US-01: first steps, search, a client's file, accounts and the partner's icon, notifications, security, Services."""
    assert [page.slug for page in pages.shelf(pages.DOCUMENTATION)] == [
        "premiers-pas", "rechercher", "dossier-client", "comptes-et-icone", "performance", "situation", "saisir-un-compte",
        "patrimoine", "audit", "fiscalite", "profil-investisseur", "projets", "vigilance", "comparer", "documents-reglementaires",
        "documents", "flux", "releves", "modeles", "notifications", "signatures", "dossier-de-preuve",
        "donnees-personnelles",
        "securite-de-mon-compte", "services-et-abonnement",
    ]  # fmt: skip
    assert len(pages.shelf(pages.TUTORIALS)) >= 3
    assert all(page.title and page.lead and len(page.lead) < 200 for page in EVERY)


@pytest.mark.parametrize("page", EVERY, ids=lambda page: page.slug)
def test_every_page_opens_with_its_contents(adviser: FlaskClient, page: pages.HelpPage) -> None:
    """US-01: its title, and each title of its table of contents is a place of the page, once."""
    html = adviser.get(address(page)).get_data(as_text=True)
    assert f"<h1>{page.title}</h1>".replace("'", "&#39;") in html
    ids = [section.id for section in page.contents]
    assert len(set(ids)) == len(ids)
    for key in ids:
        assert html.count(f'id="{key}"') == 1
    for link in re.findall(r'href="(/aide[^"#]*)', html):
        assert adviser.get(link).status_code == 200, link


def test_words_are_found_without_accents(adviser: FlaskClient) -> None:
    """US-01: every word, folded; those of a title come first; nothing found says what to do; nothing breaks."""
    found = pages.find("SECURITE sessions")
    assert found[0].page.slug == "securite-de-mon-compte"
    assert found[0].section.id == "les-sessions"
    assert pages.find("") == pages.find("   ") == ()
    assert pages.find("introuvable mandarine") == ()
    page = adviser.get("/aide?q=code+ISIN").get_data(as_text=True)
    assert "/aide/rechercher#" in page
    assert "Rien sur ces mots" in adviser.get("/aide?q=mandarine").get_data(as_text=True)
    for odd in ("%00", "<script>alert(1)</script>", "a" * 5000, "' OR 1=1"):
        answer = adviser.get("/aide", query_string={"q": odd})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.get_data(as_text=True)


def test_markup_of_a_text_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """security-reliability.md §2: HTML and dangerous links in a chapter are shown, not obeyed."""
    folder = tmp_path / "essai"
    folder.mkdir()
    body = "<script>x</script> [clic](javascript:alert(1)) <b>gras</b>"
    (folder / "10-un.md").write_text(f"# Un\n\nTête.\n\n## Là\n{body}\n", "utf-8")
    monkeypatch.setattr(pages, "TEXTS", tmp_path)
    html = str(pages.shelf.__wrapped__("essai")[0].html)
    assert "<script" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html
    assert 'id="la"' in html


def test_an_unknown_chapter_and_a_visitor(app: Flask, adviser: FlaskClient) -> None:
    """Issue 3: 404 in French with the frame; who has not signed in signs in first."""
    for path in ("/aide/nulle-part", "/aide/tutoriels/../../etc", "/aide/tutoriels/nulle-part"):
        assert adviser.get(path).status_code == 404
    assert app.test_client().get("/aide", headers={"Accept": "text/html"}).status_code == 302
