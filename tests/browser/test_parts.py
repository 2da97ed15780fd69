"""The parts of pages that do something: toasts, order, files, documents on screen, help; by pointer, by key, without scripts."""

from __future__ import annotations

import io
import re

from playwright.sync_api import Browser
from playwright.sync_api import Page
from playwright.sync_api import Route
from playwright.sync_api import expect
from pypdf import PdfWriter

from tests.browser import axe
from tests.browser.conftest import Enter
from tests.stage import PASSWORD
from tests.stage import Stage

ADMINISTRATOR = "administrateur@demo.example"


def paper(pages: int = 1) -> bytes:
    """A PDF that has pages."""
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def clean(page: Page) -> None:
    """axe finds nothing. What lies under the bar has no size for it: from the top of the page."""
    page.evaluate("scrollTo(0, 0)")
    assert axe.violations(page) == []


def still(page: Page, stage: Stage) -> None:
    """The style guide, its clock held: it goes on by `run_for` only, however slow this machine is."""
    page.clock.install(time="2026-11-25T10:00:00")
    page.goto(f"{stage.web}/styleguide")
    page.clock.pause_at("2026-11-25T10:01:00")


def try_one(page: Page) -> None:
    """Do the example's act; its toast is made at the page's first frame."""
    page.get_by_role("button", name="Essayer", exact=True).click()
    expect(page.locator("[data-toast]").first).to_be_visible()
    page.clock.run_for(100)


def names(page: Page) -> list[str]:
    """The example list in its order."""
    found: list[str] = page.locator("#ordre .e-order-item").evaluate_all("all => all.map((one) => one.dataset.name)")
    return found


def test_a_toast_gives_the_time_to_answer(stage: Stage, enter: Enter) -> None:
    """ux.md §3.2, rule 3: ten seconds of attention: they stand still under the pointer; then it leaves by itself."""
    page = enter()
    still(page, stage)
    try_one(page)
    region = page.locator("[data-toasts]")
    toast = region.locator("[data-toast]")
    expect(toast.get_by_text("déplacé en position 2")).to_be_visible()
    assert region.get_attribute("role") == "status"
    assert page.locator(".e-messages [data-toast]").count() == 0
    page.clock.run_for(9000)
    expect(toast).to_be_visible()
    toast.hover()
    page.clock.run_for(60000)
    expect(toast).to_be_visible()
    page.mouse.move(5, 400)
    page.clock.run_for(1200)
    expect(toast).to_have_count(0)


def test_a_toast_is_reached_by_key(stage: Stage, enter: Enter) -> None:
    """RGAA 12.8: after the two skip links the first stop is «Annuler»; while it has the focus it stays; Escape closes it."""
    page = enter()
    still(page, stage)
    for key in ("Escape", "Enter"):
        try_one(page)
        button = page.locator("[data-toasts]").get_by_role("button", name="Annuler")
        expect(button).to_be_visible()
        for _ in range(3):
            page.keyboard.press("Tab")
        expect(button).to_be_focused()
        page.clock.run_for(60000)
        expect(button).to_be_visible()
        page.keyboard.press(key)
        expect(button).to_have_count(0)
    expect(page.get_by_text("Exemple annulé")).to_be_visible()


def test_an_order_is_given_by_key_and_by_pointer(stage: Stage, enter: Enter) -> None:
    """WCAG 2.5.7: buttons and a menu do what dragging does; saved at once, said, taken back; kept after a reload."""
    page = enter("assistant@demo.example")
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{stage.web}/styleguide")
    first = names(page)
    page.locator("form[data-order][data-ready]").wait_for()
    down = page.get_by_role("button", name=f"Descendre {first[0]}")
    down.focus()
    with page.expect_response(re.compile("/styleguide/ordre")):
        page.keyboard.press("Enter")
    assert names(page) == [first[1], first[0], *first[2:]]
    expect(down).to_be_focused()
    expect(page.locator("#ordre [data-said]")).to_have_text(f"{first[0]}, position 2 sur {len(first)}")
    menu = page.locator(f'#ordre summary[aria-label="Déplacer {first[0]}"]')
    menu.focus()
    page.keyboard.press("Enter")
    clean(page)
    with page.expect_response(re.compile("/styleguide/ordre")):
        page.locator("#ordre details[open]").get_by_role("button", name="Mettre en dernier").click()
    assert names(page) == [*first[1:], first[0]]
    expect(menu).to_be_focused()
    handles = page.locator("#ordre [data-handle]")
    with page.expect_response(re.compile("/styleguide/ordre")):
        handles.last.drag_to(handles.first)
    moved = names(page)
    assert moved[0] == first[0]
    page.reload()
    assert names(page) == moved
    page.locator("form[data-order][data-ready]").wait_for()
    with page.expect_response(re.compile("/styleguide/ordre")):
        page.get_by_role("button", name=f"Descendre {moved[0]}").click()
    page.locator("[data-toasts]").get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("Les colonnes ont repris leur ordre.")).to_be_visible()
    assert names(page) == moved


def test_an_order_that_cannot_be_saved_is_as_before(stage: Stage, enter: Enter) -> None:
    """The network is away: the list goes back, and says so."""
    page = enter("assistant@demo.example", expected=("net::ERR_FAILED",))
    page.goto(f"{stage.web}/styleguide")
    before = names(page)
    page.route("**/styleguide/ordre", lambda route: route.abort())
    page.get_by_role("button", name=f"Descendre {before[0]}").click()
    expect(page.locator("#ordre [data-said]")).to_contain_text("n'a pas été enregistré")
    assert names(page) == before


def test_files_go_one_by_one(stage: Stage, enter: Enter) -> None:
    """Many files: each with its own end: kept, refused by its size, its type, its bytes; cut, then sent again; removed."""
    page = enter(expected=("422", "net::ERR_FAILED"))
    page.goto(f"{stage.web}/styleguide")
    zone = page.locator("#fichiers [data-upload]").first
    chosen = zone.locator("input[type=file]")
    pdf = {"mimeType": "application/pdf"}

    def cut_off(route: Route) -> None:
        if b"coupe.pdf" in (route.request.post_data_buffer or b""):
            route.abort()
        else:
            route.continue_()

    page.route("**/fichiers", cut_off)
    chosen.set_input_files([
        {"name": "avis.pdf", "buffer": paper(), **pdf}, {"name": "gros.pdf", "buffer": b"%PDF-" + b"x" * 2_200_000, **pdf},
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"},
        {"name": "page.pdf", "buffer": b"<html>", **pdf}, {"name": "coupe.pdf", "buffer": paper(), **pdf},
    ])  # fmt: skip
    line = zone.locator("[data-file]")
    expect(line.filter(has_text="avis.pdf").get_by_text("Reçu")).to_be_visible()
    expect(line.filter(has_text="gros.pdf")).to_contain_text("dépasse 2\u00a0Mio")
    expect(line.filter(has_text="logo.svg")).to_contain_text("déposez un fichier PDF, PNG ou JPEG")
    expect(line.filter(has_text="page.pdf")).to_contain_text("déposez un fichier PDF, PNG ou JPEG")
    cut = line.filter(has_text="coupe.pdf")
    expect(cut).to_contain_text("s'est interrompu")
    clean(page)
    page.unroute("**/fichiers")
    cut.get_by_role("button", name="Réessayer").click()
    expect(cut.get_by_text("Reçu")).to_be_visible()
    assert zone.locator("input[name=sg_fichiers_depots]").count() == 2
    remove = line.filter(has_text="avis.pdf").get_by_role("button", name="Retirer avis.pdf")
    remove.focus()
    page.keyboard.press("Enter")
    expect(zone.locator("[data-said]")).to_have_text("avis.pdf est retiré.")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Retirer")


def test_a_file_is_dropped(stage: Stage, enter: Enter) -> None:
    """The zone takes what is dropped on it, and the page is not left for a file that misses it."""
    page = enter()
    page.goto(f"{stage.web}/styleguide")
    make = """(text) => { const data = new DataTransfer();
        data.items.add(new File([text], 'depose.pdf', {type: 'application/pdf'})); return data; }"""
    data = page.evaluate_handle(make, "%PDF-1.4 essai")
    drop = page.locator("#fichiers .e-drop").first
    drop.dispatch_event("dragenter", {"dataTransfer": data})
    expect(drop).to_have_class(re.compile("is-over"))
    drop.dispatch_event("drop", {"dataTransfer": data})
    expect(page.locator("#fichiers [data-file]").filter(has_text="depose.pdf").get_by_text("Reçu")).to_be_visible()
    prevented = page.evaluate(
        "() => !document.body.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true}))"
    )
    assert prevented


def test_a_document_is_read_by_key(stage: Stage, enter: Enter) -> None:
    """The mandate on screen: pages, keys, zoom in place, text; a page that fails is asked for again; and back."""
    page = enter(ADMINISTRATOR, expected=("503",))
    page.goto(f"{stage.web}/p/nomineo/activation")
    page.get_by_role("link", name="Voir le mandat").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mandat")
    image = page.locator("#page-1 img")
    expect(image).to_have_js_property("naturalWidth", 900)
    pages = page.locator(".e-pdf-pages")
    field = page.get_by_role("textbox", name="Page")
    pages.focus()
    page.keyboard.press("PageDown")
    expect(field).to_have_value("2")
    expect(page.locator("[data-pdf-said]")).to_have_text("Page 2 sur 2")
    page.keyboard.press("Home")
    expect(field).to_have_value("1")
    page.keyboard.press("+")
    expect(page.locator("[data-pdf]")).to_have_attribute("data-zoom", "150")
    expect(image).to_have_js_property("naturalWidth", 1800)
    assert "zoom=150" in page.url
    clean(page)
    page.locator("#page-1 summary").click()
    expect(page.locator("#page-1 .e-sheet-text p")).to_contain_text("extranet Nominéo")
    page.route("**/pages/1.png*", lambda route: route.fulfill(status=503))
    page.get_by_role("link", name="75 %").click()
    failed = page.locator("#page-1 [data-failed]")
    expect(failed).to_be_visible()
    page.unroute("**/pages/1.png*")
    failed.get_by_role("button", name="Réessayer").click()
    expect(image).to_be_visible()
    page.get_by_role("link", name="Revenir").click()
    expect(page).to_have_url(f"{stage.web}/p/nomineo/activation")


def test_help_and_dialog_give_the_focus_back(stage: Stage, enter: Enter) -> None:
    """ux.md §3.2, rule 10: help opens by a click or a key; Escape closes it; so does the dialog, to the button that opened it."""
    page = enter()
    page.goto(f"{stage.web}/styleguide")
    asked = page.get_by_role("button", name="Aide : sans suivi")
    asked.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sg-aide")).to_be_visible()
    clean(page)
    page.keyboard.press("Escape")
    expect(page.locator("#sg-aide")).to_be_hidden()
    opener = page.get_by_role("button", name="Ouvrir un dialogue")
    opener.click()
    expect(page.get_by_role("dialog", name="Partager la requête")).to_be_visible()
    clean(page)
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_forced_colours_and_large_text(stage: Stage, enter: Enter) -> None:
    """ux.md §3.3: high contrast and text at 200 %: nothing lost, nothing beside the page."""
    page = enter()
    page.goto(f"{stage.web}/styleguide")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    clean(page)
    for part in (".e-drop", ".e-job", ".e-fold", "#toasts .e-toast"):
        assert page.locator(part).first.evaluate("(one) => getComputedStyle(one).borderTopStyle") != "none", part
    moving = page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length")
    assert moving == 0
    page.emulate_media(forced_colors="none")
    for width in (1366, 640):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert axe.overflow(page) == []


def test_without_scripts(stage: Stage, browser: Browser) -> None:
    """ux.md §3.3, «sans JavaScript»: undo is a button of a message, order a button of a form, files a file input."""
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{stage.web}/connexion")
    page.get_by_label("Adresse e-mail").fill(ADMINISTRATOR)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.goto(f"{stage.web}/styleguide")
    labels = page.locator("#ordre .e-order-item > .e-grow")
    before = labels.all_inner_texts()
    page.get_by_role("button", name=f"Descendre {before[0]}").click()
    expect(labels).to_have_text([before[1], before[0], *before[2:]])
    page.locator(".e-messages").get_by_role("button", name="Annuler").click()
    expect(labels).to_have_text(before)
    expect(page.locator("#fichiers input[type=file]").first).to_be_visible()
    page.goto(f"{stage.web}/p/nomineo/activation")
    page.get_by_role("link", name="Voir le mandat").click()
    page.get_by_role("link", name="200 %").click()
    expect(page.locator("[data-pdf]")).to_have_attribute("data-zoom", "200")
    context.close()
