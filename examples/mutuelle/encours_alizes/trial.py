"""A contract to try with: `encours run alizes --cabinet C contrat-d-essai CONTACT`."""

from __future__ import annotations

from decimal import Decimal

import click

from core.api import Context
from core.api import accounts
from core.api import supports
from core.api.db import DomainError
from core.api.db import session
from core.api.db import today
from encours_alizes.products import COMPANY
from encours_alizes.products import PRODUCT

NUMBER = "ALZ 0000 0001"


@click.command("contrat-d-essai")
@click.argument("contact")
@click.pass_obj
def contract(ctx: Context, contact: str) -> None:
    """Ajoute à un contact (son identifiant) le contrat d'essai ALZ 0000 0001, de 25 000 euros."""
    company = supports.company_for(session(), COMPANY, name="Mutuelle des Alizés")
    product = supports.product_for(session(), company, PRODUCT, envelope="ASSURANCE_VIE")
    new = accounts.NewAccount(
        "ASSURANCE_VIE", NUMBER, PRODUCT, company, [accounts.Role(contact, "SOUSCRIPTEUR")], product_id=product,
        value=Decimal("25000.00"), value_on=today(), data_as_of=today(),
    )  # fmt: skip
    try:
        accounts.create(session(), "cli", new)
    except DomainError as error:
        raise click.ClickException(error.text) from error
    click.echo(f"Contrat {NUMBER} ajouté.")
