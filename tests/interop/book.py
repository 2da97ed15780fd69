"""A cabinet for these tests: two people, one client, one contract of the partner's. A program, run with the stage's settings."""

from __future__ import annotations

import sys

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.app import create_app
from core.cabinets import services as cabinets
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks import enabling
from core.supports import services as supports

#: The only contract that the independent partner knows (`partner.mjs`).
NUMBER = "HIM0990001"


def main(slug: str, adviser: str, administrator: str, password: str) -> None:
    """Make the cabinet; the adviser follows its only client."""
    hub = create_app().extensions["encours_hub"]
    with db.session(None) as session:
        cabinet = cabinets.add_cabinet(session, slug=slug, name="Cabinet Interop", siren="732829320", orias="07000123").id
        enabling.enable_defaults(session, hub.registry, actor="cli")
    with db.session(cabinet) as session:
        person = {"display_name": "Lou Conseil", "role": "CONSEILLER", "password": password}
        follower = cabinets.add_user(session, email=adviser, **person).id
        person |= {"display_name": "Max Gérant", "role": "ADMINISTRATEUR"}
        cabinets.add_user(session, email=administrator, **person)
        who = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Interop", first_names="Lou")
        client = contacts.create(session, "cli", who)
        contacts.follow(session, "cli", client, follower)
        company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
        product = supports.product_for(session, company, "Himalia", envelope="ASSURANCE_VIE")
        data = NewAccount(
            envelope="ASSURANCE_VIE", number=NUMBER, title="Himalia", company_id=company, product_id=product,
            roles=[Role(client, "SOUSCRIPTEUR")],
        )  # fmt: skip
        accounts.create(session, "cli", data)


if __name__ == "__main__":
    main(*sys.argv[1:])
