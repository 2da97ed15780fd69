"""The demonstration's assets and debts: homes, a dismembered house, a let building, shares, a tax debt, a surety."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.api import book
from core.api import finance
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.patrimoine import asset_writes
from plugins.patrimoine import debt_writes
from plugins.patrimoine.asset_terms import DebtTerms
from plugins.patrimoine.asset_terms import Facts
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.asset_terms import Rent
from plugins.patrimoine.asset_terms import Valuation

D = Decimal
_HALF = D("0.5")
#: (months ago, value, basis): oldest first.
_Values = Sequence[tuple[int, int, str]]


class _Made:
    """What is made, by somebody, in a cabinet."""

    def __init__(self, session: TenantSession, by: Adviser) -> None:
        self.session, self.by = session, by

    def asset(self, facts: Facts, owners: Sequence[Owner], values: _Values = ()) -> str:
        made = asset_writes.create(self.session, self.by, facts, owners)
        for months, value, basis in values:
            asset_writes.add_value(self.session, self.by, made, Valuation(ago(months), D(value), basis))
        return made

    def rent(self, asset: str, tenant: str, monthly: int, charges: int, tax: int, months: int, until: int | None = None) -> None:
        end = None if until is None else ago(until)
        given = Rent(D(monthly), ago(months), D(charges), D(tax), D("0.04"), end, tenant)
        asset_writes.add_rent(self.session, self.by, asset, given)

    def contact(self, name: str) -> str:
        wanted = select(book.Contact.id).where(book.Contact.display_name == name).order_by(book.Contact.id)
        return self.session.scalars(wanted).one()


def write(session: TenantSession, by: Adviser) -> dict[str, str]:
    """All of them; those that a loan of the demonstration paid for, by place."""
    made = _Made(session, by)
    paid = {"Nantes": _durand(made), "Saint-Nazaire": _moreau(made), "La Baule": _faure(made), "Angers": _petit(made)}
    _owed(made)
    return paid


def _durand(made: _Made) -> str:
    jeanne, philippe = made.contact("Durand Jeanne"), made.contact("Durand Philippe")
    odette, bruno, emilie = made.contact("Girard Odette"), made.contact("Girard Bruno"), made.contact("Petit Émilie")
    home = Facts(
        "RESIDENCE_PRINCIPALE", "Maison de Nantes", "12 rue Crébillon, 44000 Nantes", D(142), ago(79), "ACHAT", D(345000),
        D(26200), nature="INDIVIS",
    )  # fmt: skip
    values = ((60, 372000, "ESTIMATION"), (48, 398000, "ESTIMATION"), (36, 431000, "NOTAIRE"), (24, 428000, "ESTIMATION"),
              (12, 437000, "ESTIMATION"), (2, 452000, "EXPERTISE"))  # fmt: skip
    nantes = made.asset(home, [Owner(jeanne, _HALF), Owner(philippe, _HALF)], values)
    house = Facts(
        "RESIDENCE_SECONDAIRE", "Maison de famille de Damgan", "4 impasse des Dunes, 56750 Damgan", D(96), ago(150), "DONATION",
        nature="PROPRE", remarks="Donation-partage par Odette Girard, qui garde l'usufruit.",
    )  # fmt: skip
    owners = [Owner(odette, D(1), "USUFRUIT"), Owner(jeanne, _HALF, "NUE_PROPRIETE"), Owner(bruno, _HALF, "NUE_PROPRIETE")]
    made.asset(house, owners, ((60, 248000, "NOTAIRE"), (36, 281000, "ESTIMATION"), (12, 296000, "ESTIMATION")))
    car = Facts("VEHICULE", "Voiture hybride", acquired_on=ago(30), mode="ACHAT", price=D(34900))
    made.asset(car, [Owner(philippe)], ((6, 22500, "SAISIE"),))
    made.asset(Facts("ART", "Tableau de famille", nature="PROPRE", mode="SUCCESSION"), [Owner(jeanne)])
    shares = Facts(
        "PARTS_SOCIALES", "Parts de la SCI Les Tilleuls", acquired_on=ago(110), mode="APPORT", nature="PROPRE", ifi=D("0.95"),
        company_id=made.contact("SCI Les Tilleuls"),
    )  # fmt: skip
    holders = [
        Owner(jeanne, D("0.2")), Owner(jeanne, D("0.4"), "USUFRUIT"), Owner(philippe, D("0.4"), "USUFRUIT"),
        Owner(emilie, D("0.8"), "NUE_PROPRIETE"),
    ]  # fmt: skip
    made.asset(shares, holders, ((48, 310000, "ESTIMATION"), (24, 335000, "ESTIMATION"), (5, 342000, "EXPERTISE")))
    boat = made.asset(
        Facts("VEHICULE", "Voilier", acquired_on=ago(96), mode="ACHAT", price=D(41000)), [Owner(philippe)],
        ((48, 30000, "SAISIE"),),
    )  # fmt: skip
    asset_writes.dispose(made.session, made.by, boat, ago(14), "VENDU")
    return nantes


def _moreau(made: _Made) -> str:
    helene = made.contact("Moreau Hélène")
    block = Facts(
        "LOCATIF_NU", "Immeuble de Saint-Nazaire", "31 rue du Général de Gaulle, 44600 Saint-Nazaire", D(185), ago(41), "ACHAT",
        D(262000), D(20100),
    )  # fmt: skip
    values = ((29, 268000, "ESTIMATION"), (17, 279000, "ESTIMATION"), (3, 287000, "EXPERTISE"))
    saint_nazaire = made.asset(block, [Owner(helene)], values)
    made.rent(saint_nazaire, "T3, premier étage", 690, 1450, 1310, 38)
    made.rent(saint_nazaire, "T2, second étage", 560, 980, 890, 20)
    made.rent(saint_nazaire, "T2, second étage, ancien locataire", 540, 980, 850, 40, 21)
    firm = made.contact("SARL Moreau Conseil")
    shares = Facts("PARTS_SOCIALES", "Parts de la SARL Moreau Conseil", acquired_on=ago(130), mode="APPORT", company_id=firm)
    made.asset(shares, [Owner(helene)], ((48, 140000, "ESTIMATION"), (24, 165000, "ESTIMATION"), (8, 182000, "EXPERTISE")))
    account = Facts("COMPTE_COURANT", "Compte courant d'associé, SARL Moreau Conseil", company_id=firm)
    made.asset(account, [Owner(helene)], ((2, 25400, "ACTE"),))
    return saint_nazaire


def _faure(made: _Made) -> str:
    claire, henri = made.contact("Faure Claire"), made.contact("Faure Henri")
    both = [Owner(claire, _HALF), Owner(henri, _HALF)]
    villa = Facts(
        "RESIDENCE_SECONDAIRE", "Villa de La Baule", "8 avenue des Lilas, 44500 La Baule-Escoublac", D(118), ago(8), "ACHAT",
        D(540000), D(40500),
    )  # fmt: skip
    la_baule = made.asset(villa, both)
    flat = Facts(
        "LOCATIF_NU", "Deux-pièces de Rennes", "17 rue de Nemours, 35000 Rennes", D(44), ago(62), "ACHAT", D(218000), D(6100),
        scheme="PINEL", scheme_since=ago(60), scheme_years=9,
    )  # fmt: skip
    rennes = made.asset(flat, both, ((36, 224000, "ESTIMATION"), (12, 219000, "ESTIMATION"), (1, 221000, "ESTIMATION")))
    made.rent(rennes, "Deux-pièces, plafond Pinel", 585, 1180, 940, 60)
    return la_baule


def _petit(made: _Made) -> str:
    thomas, emilie = made.contact("Petit Thomas"), made.contact("Petit Émilie")
    home = Facts(
        "RESIDENCE_PRINCIPALE", "Maison d'Angers", "26 rue Saint-Aubin, 49000 Angers", D(104), ago(22), "ACHAT", D(289000),
        D(22300),
    )  # fmt: skip
    return made.asset(home, [Owner(thomas, _HALF), Owner(emilie, _HALF)], ((4, 294000, "ESTIMATION"),))


def _owed(made: _Made) -> None:
    jeanne, philippe, henri = (made.contact(name) for name in ("Durand Jeanne", "Durand Philippe", "Faure Henri"))
    tax = DebtTerms(
        "DETTE_FISCALE", "Solde de l'impôt sur le revenu", "Direction générale des finances publiques", D(3840), ago(3), ago(3),
        ago(-1),
    )  # fmt: skip
    debt_writes.create(made.session, made.by, tax, [Owner(jeanne, _HALF), Owner(philippe, _HALF)])
    family = DebtTerms("DETTE_FAMILIALE", "Prêt familial pour travaux", "Girard Odette", D(12000), ago(18), ago(18))
    debt_writes.create(made.session, made.by, family, [Owner(jeanne)])
    past = replace(tax, label="Régularisation de taxe foncière", amount=D(1210), amount_on=ago(20), since=ago(20), due_on=None)
    settled = debt_writes.create(made.session, made.by, past, [Owner(philippe)])
    debt_writes.settle(made.session, made.by, settled, ago(17))
    surety = DebtTerms("CAUTION", "Caution du bail d'Émilie", "Agence de l'Erdre", D(18000), ago(40), ago(40), ago(-20))
    debt_writes.create(made.session, made.by, surety, [Owner(philippe)])
    firm = DebtTerms("CAUTION", "Caution du prêt de SAS Holding Delaunay", "Banque de Loire", D(150000), ago(26), ago(26))
    debt_writes.create(made.session, made.by, firm, [Owner(henri)])


def ago(months: int) -> date:
    """The fifth of a month, so many months ago."""
    return finance.due_on(today().replace(day=5), -months)
