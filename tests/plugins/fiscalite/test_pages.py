"""Patrimoine > Fiscalité: declared, asked in a job, shown with year, scale, source; no figure without the engine (PA-03)."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.cli.worker import run_due
from core.db.clock import shifted
from core.extensions import db
from core.hooks.hub import Hub
from core.jobs.models import Job
from core.live.models import LiveEvent
from plugins.fiscalite.models import Estimate
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import person
from tests.core.taxes.fake import FakeEngine

FACTS = {"situation": "MARIE", "children": "2", "salaires_1": "50 000,00", "salaires_2": "40 000"}


def page(client: FlaskClient, contact: str, year: int = 2025) -> str:
    answer = client.get(f"/p/fiscalite/contacts/{contact}?annee={year}")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True)).replace("\u202f", " ").replace("\xa0", " ")


def opened(client: FlaskClient, where: str) -> dict[str, str]:
    """What a form carries since it was opened."""
    shown = client.get(where).get_data(as_text=True)
    return {"seen": unescape(shown.split('name="seen" value="')[1].split('"')[0]), "csrf_token": csrf(client, where)}


def declare(client: FlaskClient, contact: str, status: int = 303, path: str = "saisie", **facts: str) -> str:
    """Send the form as it was opened."""
    where = f"/p/fiscalite/contacts/{contact}/2025/{path}"
    answer = client.post(where, data={**facts, **opened(client, where)})
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True)).replace("\u202f", " ")


def test_from_a_declaration_to_its_figures(
    adviser: FlaskClient, people: People, couple: dict[str, str], fake: FakeEngine
) -> None:
    """PA-03: one's page shows the household's declaration; meanwhile «en cours»; then year, scale, program; all audited."""
    assert "Aucune donnée fiscale pour 2025" in page(adviser, couple["one"])
    declare(adviser, couple["one"], **FACTS)
    assert "Calcul en cours" in page(adviser, couple["two"])
    assert fake.cases == []  # no page and no form asks
    run_due()
    shown = page(adviser, couple["two"])
    assert "Foyer fiscal : Famille Petit" in shown
    assert "Revenus 2025, barème des revenus 2025, OpenFisca-France 1.2.3, calculé le" in shown
    for words in ("Estimation", "D'où vient ce chiffre", "50 000,00 €"):
        assert words in shown
    (asked,) = fake.cases
    assert asked["foyers_fiscaux"]["foyer"]["nbF"] == {"2025": 2}
    with db.session(people.cabinet_id, write=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "fiscalite.declared")).one()
        said = session.scalars(select(AuditPayload).where(AuditPayload.entry_id == entry.id)).one().payload
        assert said["after"]["Salaires imposables, déclarant 1"] == "50000.00"
        told = session.scalars(select(LiveEvent).where(LiveEvent.topic == "part")).all()
        assert [one.data["part"] for one in told] == [f"fiscalite:{couple['home']}:2025"]
        assert told[0].subject_id == couple["home"]


def test_an_answer_is_kept_by_case_and_version(adviser: FlaskClient, couple: dict[str, str], fake: FakeEngine) -> None:
    """PA-03: the same facts are asked once; another version of the engine is asked anew."""
    declare(adviser, couple["home"], **FACTS)
    run_due()
    declare(adviser, couple["home"], **FACTS)
    run_due()
    assert len(fake.cases) == 1
    fake.version, fake.figure = "2.0.0", 200.0
    declare(adviser, couple["home"], **FACTS)
    run_due()
    assert len(fake.cases) == 2
    assert "OpenFisca-France 2.0.0" in page(adviser, couple["home"])


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        ("preparing", "en préparation"), ("error", "Calcul indisponible"), ("nan", "Calcul indisponible"),
        ("refuses", "Données refusées"),
    ],
)  # fmt: skip
def test_without_an_answer_the_page_says_why(
    adviser: FlaskClient, couple: dict[str, str], fake: FakeEngine, mood: str, says: str
) -> None:
    """PA-03: never a figure; what may heal is asked again by itself, and then shown."""
    fake.mood = mood
    declare(adviser, couple["home"], ifi_bati="2 000 000", **FACTS)
    run_due()
    shown = page(adviser, couple["home"])
    assert says in shown
    assert "Impôt estimé" not in shown
    assert "barème des revenus" not in shown
    fake.mood = "well"
    with shifted(timedelta(minutes=2)):
        run_due()
    assert ("Impôt estimé" in page(adviser, couple["home"])) is (mood != "refuses")


def test_an_engine_that_is_gone_does_not_take_the_figures_along(
    adviser: FlaskClient, couple: dict[str, str], fake: FakeEngine
) -> None:
    """PA-03: what was answered stays shown; only what is new waits."""
    declare(adviser, couple["home"], **FACTS)
    run_due()
    fake.mood = "error"
    declare(adviser, couple["home"], path="et-si", more_child="true")
    run_due()
    shown = page(adviser, couple["home"])
    assert "Impôt estimé" in shown
    assert "Un enfant de plus" in shown
    assert "ne répond pas" in shown


def test_what_is_tried_stands_beside_the_present_case(adviser: FlaskClient, couple: dict[str, str], fake: FakeEngine) -> None:
    """PA-03: each on its own line, with its own case, the difference, the share of gain and its levies."""
    assert adviser.get(f"/p/fiscalite/contacts/{couple['home']}/2025/et-si").status_code == 302  # nothing declared yet
    declare(adviser, couple["home"], activite_precedente_1="50 000", **FACTS)
    declare(
        adviser, couple["home"], path="et-si", more_child="true", more_per="9 000", surrender="12 000", contract_value="120 000",
        premiums="100 000",
    )  # fmt: skip
    run_due()
    assert len(fake.cases) == 4
    shown = page(adviser, couple["home"])
    paid = "Versement ajouté 9 000,00 €, dont déductible 5 000,00 €"
    for words in ("Un enfant de plus", paid, "Part de gain 2 000,00 €", "344,00 €"):
        assert words in shown


def test_the_ifi_goes_by_the_balance_sheet(
    adviser: FlaskClient, people: People, hub: Hub, couple: dict[str, str], fake: FakeEngine
) -> None:
    """PA-03, PA-01, NX-02: nothing declared: the household's property of the first of January, line by line; asked apart."""
    declare(adviser, couple["home"], **FACTS)
    run_due()
    assert "Aucun bien taxable n'est connu" in page(adviser, couple["one"])
    if "patrimoine" not in hub.registry.plugins:  # its folder may be removed (PL-01)
        return
    building(people, couple["one"])
    shown = page(adviser, couple["one"])
    for words in ("Immeuble de rapport", "Bilan au 01/01/2026", "La base a changé depuis le dernier calcul", "2 000 000,00 €"):
        assert words in shown, words
    assert "Impôt estimé" in shown, "a building asks for no new income tax"
    adviser.post(f"/p/fiscalite/contacts/{couple['one']}/2025/calculer", data={"csrf_token": csrf(adviser, "/notifications")})
    run_due()
    asked = fake.cases[-1]["foyers_fiscaux"]["foyer"]
    assert asked["assiette_isf_ifi"] == {"2026": 2000000}
    assert "IFI au barème" in page(adviser, couple["two"])
    declare(adviser, couple["home"], ifi_bati="1 300 000", **FACTS)
    declared = page(adviser, couple["one"])
    assert "Immeuble de rapport" not in declared, "what is declared wins"
    assert "rien n'est dû" in declared


def building(people: People, owner: str) -> None:
    """Let property worth two million since 2024."""
    from plugins.patrimoine import asset_writes
    from plugins.patrimoine.asset_terms import Facts
    from plugins.patrimoine.asset_terms import Owner
    from plugins.patrimoine.asset_terms import Valuation

    with db.session(people.cabinet_id) as session:
        facts = Facts("LOCATIF_NU", "Immeuble de rapport", acquired_on=date(2020, 1, 6))
        first = Valuation(date(2024, 1, 5), Decimal(2_000_000), "EXPERTISE")
        asset_writes.create(session, person(session, people.adviser), facts, [Owner(owner)], first=first)


def test_bad_input_is_told_beside_the_field_and_nothing_typed_is_lost(adviser: FlaskClient, couple: dict[str, str]) -> None:
    """PA-03: 422, the sentence, the value as it was typed."""
    wrong = {"situation": "CELIBATAIRE", "salaires_1": "beaucoup", "dividendes": "-5", "dons": "77"}
    shown = declare(adviser, couple["home"], status=422, **wrong)
    for words in ('value="beaucoup"', 'value="77"', "Saisissez un montant positif."):
        assert words in shown
    shown = declare(adviser, couple["home"], status=422, situation="CELIBATAIRE", lone_parent="true")
    assert "Un parent isolé a au moins une personne à charge" in shown
    assert "Aucune donnée fiscale" in page(adviser, couple["home"])


def test_two_people_who_declare_at_once(adviser: FlaskClient, administrator: FlaskClient, couple: dict[str, str]) -> None:
    """PA-03: what the other changed stands beside what was typed; nothing is overwritten."""
    declare(adviser, couple["home"], **FACTS)
    where = f"/p/fiscalite/contacts/{couple['home']}/2025/saisie"
    mine = opened(adviser, where)
    declare(administrator, couple["home"], **{**FACTS, "salaires_1": "51000"})
    answer = adviser.post(where, data={**FACTS, "salaires_1": "52000", **mine})
    assert answer.status_code == 409


def test_who_it_is_not_for(adviser: FlaskClient, couple: dict[str, str]) -> None:
    """PA-03: a company has none; a year that cannot be declared is not there."""
    assert "Sans objet pour une société" in page(adviser, couple["company"])
    assert adviser.get(f"/p/fiscalite/contacts/{couple['company']}/2025/saisie").status_code in (409, 422)
    assert adviser.get(f"/p/fiscalite/contacts/{couple['home']}/1999/saisie").status_code == 404
    assert "Aucune donnée fiscale" in page(adviser, couple["home"], 1999)


def test_an_outlook_says_whose_scale_it_is(adviser: FlaskClient, couple: dict[str, str], fake: FakeEngine) -> None:
    """PA-03: the year under way goes by the last scale that was published, and says so."""
    from plugins.fiscalite import services

    year = services.years()[0]
    where = f"/p/fiscalite/contacts/{couple['home']}/{year}/saisie"
    adviser.post(where, data={**FACTS, **opened(adviser, where)})
    run_due()
    assert "celui qui est appliqué est le dernier publié" in page(adviser, couple["home"], year)


def test_a_job_that_waits_leaves_the_others_their_threads(
    adviser: FlaskClient, people: People, couple: dict[str, str], fake: FakeEngine
) -> None:
    """PA-03: while another job asks, this one comes back in a few seconds, and asks nothing now."""
    from core.api import taxes

    declare(adviser, couple["home"], **FACTS)
    with taxes.turn() as mine:
        assert mine
        run_due()
    assert fake.cases == []
    with db.session(None, write=False) as session:
        assert session.scalars(select(Job).where(Job.kind == "plugin.fetch")).one().state == "queued"
    with shifted(timedelta(seconds=10)):
        run_due()
    with db.session(people.cabinet_id, write=False) as session:
        assert [one.state for one in session.scalars(select(Estimate))] == ["done"]
