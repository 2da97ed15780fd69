"""`PlpPlugin`: the protocol's share of a partner plugin; `core.activation` adds the pages of its mandate."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import ClassVar

import click
from sqlalchemy import select

from core.cabinets.models import Cabinet
from core.db import current
from core.extensions import db
from core.hooks import telling
from core.hooks.declared import Partner
from core.hooks.errors import MandateMissing
from core.hooks.errors import PartnerUnavailable
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import AccountAction
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.hooks.types import Intent
from core.hooks.types import Launch
from core.hooks.types import Probe
from core.links import capabilities
from core.links import enrolments
from core.links import mandates
from core.links import places
from core.links.client import PlpClient
from core.links.client import issuer
from core.links.client import origin
from core.links.linked import LinkedPlugin
from core.links.models import Registration
from core.links.saml.sheet import BINDING


@click.command("connexion")
@click.pass_obj
def try_connection(ctx: Context) -> None:
    """Essaie la connexion au partenaire : adresse, signature du cabinet, mandat."""
    probe = telling.hub().ask(ctx.plugin or "", Plugin.test_connection, ctx)
    click.echo(probe.text)
    if not probe.ok:
        click.get_current_context().exit(1)


class PlpPlugin(LinkedPlugin):
    """A link to a partner that speaks PLP/1, without its activation: plugins subclass `core.api.partner.PartnerPlugin`."""

    partner: ClassVar[Partner]
    commands: ClassVar[tuple[click.Command, ...]] = (try_connection,)
    #: What the protocol carries (PLP-076, §3, §5): no name, no amount, no address of a client.
    sends: ClassVar[tuple[str, ...]] = (
        "Numéro du contrat et produit, quand un conseiller ouvre le menu des actes ou lance un acte",
        "Acte demandé et référence de la transaction",
        "Identifiant du conseiller propre à ce partenaire, et son code chez lui",
        "Mandat du cabinet\u202f: raison sociale, ORIAS, SIREN, signataire, conseillers habilités",
    )

    @hookimpl
    def account_actions(self, ctx: Context, account: AccountRef) -> Sequence[AccountAction]:
        """Ask the partner, now, what this adviser may do on this account (PLP §5)."""
        assert ctx.principal is not None
        session = current.session()
        mandate = mandates.usable(session, self.name, ctx.principal.user_id)
        if isinstance(mandate, mandates.Blocked):
            raise MandateMissing(mandate.text, reason=mandate.reason, remedy=mandate.remedy, url=mandate.url)
        handle = enrolments.handle(session, self.name, ctx.principal.user_id)
        scopes = frozenset(mandate.content.get("scopes", ()))
        broker = str(mandate.content.get("broker_code", ""))
        session.rollback()  # nothing is held while the partner thinks
        wanted = {"scheme": "contract-number", "ref": account.link_ref or account.number, "product": account.product}
        client = PlpClient(ctx.cabinet_id, self.name)
        try:
            answer = client.capabilities(account=wanted, handle=handle, broker_code=broker)
        except MandateMissing as refusal:
            raise self._read_again(ctx.cabinet_id, refusal) from refusal
        found = capabilities.read(answer, account_ref=str(wanted["ref"]), partner=self.partner.label, scopes=scopes)
        return found.actions

    def mandated_client(self, ctx: Context) -> PlpClient:
        """The client for what the cabinet asks in no adviser's name. Raises `MandateMissing`: no mandate, no call (BL-03)."""
        session = current.session()
        mandate = mandates.in_force(session, self.name)
        if isinstance(mandate, mandates.Blocked):
            raise MandateMissing(mandate.text, reason=mandate.reason, remedy=mandate.remedy, url=mandate.url)
        session.rollback()  # nothing is held while the partner thinks
        return PlpClient(ctx.cabinet_id, self.name)

    def _read_again(self, cabinet_id: int, refusal: MandateMissing) -> MandateMissing:
        """PLP-039: the partner's word on the mandate is not ours: its view is read soon, and the person told where to look."""
        with db.session(cabinet_id) as session:
            mandates.ask_again(session, self.name)
        remedy = refusal.remedy or (
            "Les deux livres sont en cours de rapprochement\u202f: réessayez dans un instant. Si cela dure, un administrateur "
            f"du cabinet peut contacter {self.partner.words.the_contact}."
        )
        where = places.address(self.name, "conseillers" if refusal.reason == "adviser_not_enrolled" else "activation")
        return MandateMissing(refusal.text, reason=refusal.reason, remedy=remedy, url=where, passing=not refusal.remedy)

    @hookimpl
    def start_transaction(self, ctx: Context, account: AccountRef, intent: Intent) -> Launch:
        """The hand-over form, to where the binding of the registration begins (PLP-054, PLP-062, PLP-115)."""
        session = current.session()
        registration = session.scalar(select(Registration).where(Registration.plugin == self.name))
        if registration is None:
            raise PartnerUnavailable("Ce partenaire n'est pas encore enregistré pour votre cabinet.")
        slug = session.scalars(select(Cabinet.slug).where(Cabinet.id == ctx.cabinet_id)).one()
        action, target, follow = _entrance(registration.sheet)
        params = (
            ("iss", issuer(slug)),
            ("client_id", registration.client_id),
            ("login_hint", str(intent.claims["handle"])),
            ("plp_message_hint", intent.launch_id),
            *target,
        )
        urls = [action, *follow, *(registration.sheet.get("launch_origins") or [])]
        return Launch(action, params, tuple(dict.fromkeys(map(origin, urls))))

    @hookimpl
    def test_connection(self, ctx: Context) -> Probe:
        """Read the partner's view of the mandate: the address, our signature and its answer are tried in one go (PLP-039)."""
        client = PlpClient(ctx.cabinet_id, self.name)
        label = self.partner.label
        if client.get_mandate(client.mandate, interactive=True) is None:
            return Probe(False, f"{label} répond, mais ne connaît pas encore le mandat du cabinet.")
        return Probe(True, f"{label} répond, reconnaît la signature du cabinet et son mandat.")


def _entrance(sheet: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...], list[str]]:
    """Where a launch begins at the partner, what its binding adds to PLP-062's parameters, where it goes on."""
    if sheet["binding"] == BINDING:
        return sheet["saml"]["launch_url"], (), [sheet["saml"]["acs_url"]]
    return sheet["initiate_login_uri"], (("target_link_uri", str(sheet["target_link_uri"])),), list(sheet["redirect_uris"])
