"""A partner written with the kit has its activation with no line of its own: pages, words, form (BL-03 to BL-05b, BL-14)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.api import Plugin
from core.api.partner import MandateWords
from core.api.partner import Partner
from core.api.partner import PrintedMandate
from core.extensions import db
from core.links import mandates
from core.links import places
from core.testing import FakePartner
from core.testing import Installation
from core.testing import installation
from tests.contract import bancal
from tests.contract import scaffolds
from tests.contract.scaffolds import change
from tests.plugins.nomineo import papers

pytestmark = pytest.mark.xdist_group("kit")
HERE = "/p/vie_plus/activation"
#: What an author adds to the pages that there are: an address of its own, beside them.
MORE = '''
    def blueprint(self):
        """The pages of the activation, and one more."""
        made = super().blueprint()
        made.add_url_rule("/bareme", "scale", scale)
        return made


@signed_in
def scale():
    """The partner's scale of fees."""
    return "Barème de Vie plus"
'''


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `encours plugin new vie_plus --kind partner` writes, with one page more."""
    site = scaffolds.laid(tmp_path_factory.mktemp("site"), "vie_plus", "partner")
    plugin = site / "encours_vie_plus" / "plugin.py"
    change(plugin, "from core.api.partner import PartnerPlugin\n",
           "from core.api.partner import PartnerPlugin\nfrom core.api.web import signed_in\n")  # fmt: skip
    plugin.write_text(plugin.read_text("utf-8") + MORE, "utf-8")
    return site


@pytest.fixture
def encours(site: Path) -> Iterator[Installation]:
    """It is installed and registered, and not activated."""
    with bancal.installed(site), installation() as made, FakePartner({"arbitrage": "Arbitrage"}) as partner:
        made.register("vie_plus", partner)
        yield made


def test_what_core_says_leads_to_pages_that_exist(encours: Installation) -> None:
    """BL-05b: before anything is done, a greyed icon's way out is a page, for an adviser too; so are Services' entries."""
    with db.session(encours.here.cabinet_id, write=False) as session:
        blocked = mandates.usable(session, "vie_plus", encours.here.adviser)
    assert isinstance(blocked, mandates.Blocked)
    assert blocked.url == places.address("vie_plus") == HERE
    adviser = encours.browser(role="conseiller")
    page = adviser.get(HERE)
    assert "Demandez l'activation" in page.replace("&#39;", "'")
    assert "Un administrateur du cabinet peut faire cette étape" in page
    assert "Conseillers habilités chez Vie plus" in adviser.get(places.address("vie_plus", "conseillers"))
    for other in ("nomineo", "Nominéo", "inspecteur", "Generali"):
        assert other not in page[page.index("<main") :]
    pages = encours.hub.gather(Plugin.settings_pages, encours.context()).items
    listed = [page.endpoint for one in pages if one.plugin == "vie_plus" for page in one.item]
    assert listed == ["p_vie_plus.activation", "p_vie_plus.advisers"]


def test_its_steps_and_its_programs_are_there(encours: Installation) -> None:
    """BL-05, PL-09: five steps that name nobody else's people; seven operations below its own address."""
    steps = encours.hub.ask("vie_plus", Plugin.activation_steps, encours.context())
    assert [one.label for one in steps] == [
        "Mandat généré", "Rempli et signé", "Transmis à l'interlocuteur", "Reçu par la compagnie", "Activation",
    ]  # fmt: skip
    served = [one for one in encours.app.extensions["encours_api"] if one.plugin == "vie_plus"]
    paths = {operation.path.removeprefix("/p/vie_plus/mandate/") for one in served for operation in one.operations}
    assert paths == {"blank", "issue", "fill", "deposit", "message", "reception", "activation"}


def test_its_own_page_stands_beside_them(encours: Installation) -> None:
    """PL-07: what an author adds to `super().blueprint()` is behind the same gates; off, all of it is gone."""
    boss = encours.browser()
    assert boss.get("/p/vie_plus/bareme") == "Barème de Vie plus"
    assert encours.browser(encours.elsewhere).status("/p/vie_plus/bareme") == 404
    assert encours.browser(encours.elsewhere).status(HERE) == 404


def test_the_form_is_made_and_filled_on_screen(encours: Installation) -> None:
    """BL-04: the common form: this partner's name, a code, fields to type in; refused beside the field, in its words."""
    boss = encours.browser()
    typed = {"seen": "", "representative": "Zoë Brûlé", "quality": "Gérante", "place": "Nantes", "acts": "arbitrage"}
    refused = boss.post(f"{HERE}/remplir", typed)
    assert "Saisissez le code courtier du cabinet." in refused
    assert "Code courtier chez Vie plus" in refused
    assert "Zoë Brûlé" in refused
    done = boss.post(f"{HERE}/remplir", {**typed, "broker_code": "VP-1", "email": "c@exemple.fr", "signed_on": "18/11/2026"})
    assert "transmettez-le à votre interlocuteur" in done
    found = re.search(rf'href="({HERE}/documents/[^"]+)"', done)
    assert found
    data = boss.client.get(found[1]).get_data()
    assert papers.fields(data)["representant"]["/V"] == "Zoë Brûlé"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    assert "Mandat de transmission d'actes par Encours" in text
    assert "Cadre réservé à Vie plus" in text
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    assert "Nominéo" not in text


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("inspecteur", "à l'inspecteur, l'inspecteur, de l'inspecteur"),
        ("gestionnaire", "au gestionnaire, le gestionnaire, du gestionnaire"),
        ("hôte", "à l'hôte, l'hôte, de l'hôte"),
    ],
)  # fmt: skip
def test_a_word_gets_its_articles(contact: str, said: str) -> None:
    """BL-14: who gets the mandate is a word of the plugin's data; elided before a vowel, joined to «de» and «à» elsewhere."""
    words = MandateWords(contact=contact)
    assert f"{words.to_contact}, {words.the_contact}, {words.of_contact}" == said


def test_a_form_of_its_own_goes_before_the_common_one(tmp_path: Path) -> None:
    """BL-04: a plugin's own template, with core's look where it has none; what it names is this partner's."""
    (tmp_path / "mandat_pdf.html").write_text("<body><h1>{{ title }}</h1><p>{{ partner.company }} {{ code }}</p></body>", "utf-8")
    partner = Partner(code="x", label="X & Vie", badge="X", companies=("x",))
    made = PrintedMandate(partner, folder=tmp_path, title="Notre mandat").page(papers.paper(), code="7K2M9QX4TB0D", values={})
    assert "<h1>Notre mandat</h1><p>X &amp; Vie 7K2M-9QX4-TB0D</p>" in made
    assert '@bottom-left { content: "Notre mandat · X & Vie"' in made


@pytest.mark.parametrize(
    ("label", "said"),
    [("Nominéo", "de Nominéo"), ("Horizon Vie", "d'Horizon Vie"), ("HSBC", "de HSBC"), ("AXA", "d'AXA"), ("UFF", "de UFF")],
)
def test_a_name_is_elided_as_it_is_read(label: str, said: str) -> None:
    """BL-05: «Activation d'Horizon Vie»; letters that are spelt out are not elided as words are."""
    assert Partner(code="x", label=label, badge="X", companies=("x",)).of_label == said
