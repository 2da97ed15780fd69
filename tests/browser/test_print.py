"""Paper: what is printed of a page holds its content only, with repeated heads, its address and day, on white."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import Enter
from tests.stage import Person
from tests.stage import Stage

#: What floats, moves or leads elsewhere.
SCREEN = ("Aller au contenu", "Exporter", "Tout parcourir", "Enregistrer", "Page suivante", "Filtrer")


def printed(page: object, address: str) -> tuple[list[str], bytes]:
    """The text of each sheet, and the file."""
    page.goto(address)  # type: ignore[attr-defined]
    page.wait_for_load_state("networkidle")  # type: ignore[attr-defined]
    data: bytes = page.pdf(prefer_css_page_size=True, print_background=True)  # type: ignore[attr-defined]
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages], data


@pytest.mark.parametrize(
    ("path", "head", "most", "holds", "with_heads"),
    [
        ("/p/contacts/", "Téléphone", 5, "Andre Catherine", 5),
        ("/p/portefeuille/comptes", "Valorisation", 8, "Arpèges", 8),
        ("/p/outils/", "SFDR", 8, "FR0010135103", 2),  # then what is shown of all of them
    ],
)
def test_lists(stage: Stage, enter: Enter, path: str, head: str, most: int, holds: str, with_heads: int) -> None:
    """ux.md §3.3, «impression»: the table's head on each sheet, nothing of the bar, address and day below, sheets bounded."""
    page = enter(scheme="dark")
    sheets, data = printed(page, stage.web + path)
    assert 1 <= len(sheets) <= most
    assert holds in " ".join(sheets)
    for number, text in enumerate(sheets, 1):
        flat = " ".join(text.split())
        assert number > with_heads or head in flat, number
        assert f"{path} · imprimé le" in flat, number
        assert f"Page {number} / {len(sheets)}" in flat
        assert [word for word in SCREEN if word in flat] == []
    first = pypdfium2.PdfDocument(data)[0].render(scale=0.5).to_pil().convert("L")
    light = sum(first.histogram()[240:]) / (first.width * first.height)
    assert light > 0.8, "the sheet is dark"


def test_an_account_and_its_chart(stage: Stage, enter: Enter) -> None:
    """Charts print, with the table of their figures open beside them; tabs and buttons do not."""
    address = f"/p/portefeuille/comptes/{Person(stage).account('HIM0012345')}"
    page = enter()
    page.goto(stage.web + address)
    page.locator("e-chart[data-drawn]").first.wait_for()
    sheets, data = printed(page, stage.web + address)
    page.locator("e-chart[data-drawn]").first.wait_for()
    assert 1 <= len(sheets) <= 5
    flat = " ".join(" ".join(sheets).split())
    assert "HIM0012345" in flat.replace(" ", "")
    assert "Ajouter" not in flat
    assert len(data) > 20_000


def test_a_document_has_a_sheet_a_page(stage: Stage, enter: Enter) -> None:
    """«Imprimer» of a document: each of its pages on a sheet, and nothing else."""
    page = enter("administrateur@demo.example")
    page.goto(f"{stage.web}/p/nomineo/activation")
    page.get_by_role("link", name="Voir le mandat").click()
    page.locator("#page-2").wait_for()
    count = page.locator("[data-sheet]").count()
    page.evaluate("window.print = () => { window.wasAsked = true; }")
    page.get_by_role("button", name="Imprimer").click()
    expect(page.get_by_role("button", name="Imprimer")).not_to_have_attribute("aria-busy", "true")
    assert page.evaluate("window.wasAsked")
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    assert len(sheets) == count
    assert "Mandat rempli" not in " ".join(sheets)
    assert "next=" not in " ".join(sheets)
