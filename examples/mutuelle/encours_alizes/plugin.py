"""The plugin «alizes»: its table of contents. An act is typed here, step by step, and transmitted; there is no extranet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.api import Context
from core.api import hookimpl
from core.api import jobs
from core.api.partner import NativePartner
from core.api.types import AccountRef
from core.api.types import Attached
from core.api.types import FormStep
from core.api.types import Intent
from core.api.types import Probe
from core.api.types import Ready
from core.api.types import Refused
from core.api.types import Submitted
from encours_alizes import acts
from encours_alizes import follow
from encours_alizes import office
from encours_alizes import products
from encours_alizes import trial
from encours_alizes.settings import AlizesSettings


class AlizesPlugin(NativePartner):
    """The link to the mutual."""

    name = "alizes"
    title = "Mutuelle des Alizés"
    version = "1.0.0"
    api = ">=1.0,<2"
    weight = 60
    partner = products.PARTNER
    acts = acts.ACTS
    settings_schema = AlizesSettings
    jobs = (jobs.Job("suivi", follow.take, every=timedelta(minutes=5), example=follow.EXAMPLE, fetch=follow.ask),)
    commands = (trial.contract,)
    sends = (
        "Numéro du contrat, montant, IBAN, destination ou origine des fonds, pièces jointes, à la transmission d'un acte",
        "Nom du conseiller et référence de la transaction",
    )

    def missing(self, ctx: Context) -> str | None:
        """Without the mutual's key nothing can be sent."""
        return office.NO_KEY if ctx.settings.get("key") is None else None

    @hookimpl
    def start_transaction(self, ctx: Context, account: AccountRef, intent: Intent) -> FormStep:
        """The first step."""
        return acts.first(intent.act)

    @hookimpl
    def continue_transaction(
        self, ctx: Context, account: AccountRef, intent: Intent, step: str, values: Mapping[str, Any],
        documents: Mapping[str, Attached],
    ) -> FormStep | Ready | Refused:  # fmt: skip
        """The second one, then the recap."""
        return acts.following(intent.act, account, step, values)

    @hookimpl
    def submit_transaction(
        self, ctx: Context, account: AccountRef, intent: Intent, values: Mapping[str, Any], documents: Mapping[str, Attached]
    ) -> Submitted | Refused:
        """By the mutual's API."""
        return office.submit(ctx, account, intent, values, documents)

    @hookimpl
    def test_connection(self, ctx: Context) -> Probe:
        """Whether the mutual answers and knows the key."""
        return Probe(True, f"{office.ping(ctx)} répond et reconnaît la clé du cabinet.")
