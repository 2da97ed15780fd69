"""The list of acts as a person sees it: the partner's words, local guards, and what stands in their way."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime

from core.db.clock import now
from core.db.session import TenantSession
from core.hooks.errors import ActionNeeded
from core.hooks.errors import AuthFailed
from core.hooks.errors import MandateMissing
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PluginError
from core.hooks.errors import ProtocolError
from core.hooks.hub import Hub
from core.hooks.results import Collected
from core.hooks.specs import Plugin
from core.hooks.types import AccountAction
from core.hooks.types import AccountRef
from core.hooks.types import Context
from core.hooks.types import Guard
from core.hooks.types import TransactionType
from core.links import guards
from core.links import mandates
from core.links import tokens
from core.links.orders import Orders

Act = AccountAction | TransactionType
CONSULT = "consultation"
OUTSIDE = "L'extranet s'ouvre dans un nouvel onglet, sans nouvelle connexion."
FILLED = "Vos ordres sont déjà saisis dans\u202f: {acts}. Vérifiez-les avant de valider."
UNFILLED = "Ce partenaire ne reçoit pas vos ordres\u202f: ils s'y saisissent."
HERE = "L'acte se saisit ici, étape par étape ; il n'est transmis qu'après votre confirmation."


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list."""

    key: str
    code: str
    label: str
    icon: str
    enabled: bool
    reason: str | None = None
    remedy: str | None = None
    remedy_url: str | None = None
    warn: str | None = None
    token: str | None = None
    mode: str = "launch"
    form_url: str | None = None
    filled: bool = False  #: the orders at hand go along


@dataclass(frozen=True, slots=True)
class Message:
    """Why there is no list: what, why, what to do."""

    title: str
    text: str
    todo: str
    reference: str | None = None
    url: str | None = None
    url_label: str | None = None


@dataclass(frozen=True, slots=True)
class ActsView:
    """The popover's content."""

    title: str
    state: str
    account: AccountRef
    plugin: str
    partner: str
    groups: tuple[tuple[str | None, tuple[Item, ...]], ...] = ()
    consult: Item | None = None
    message: Message | None = None
    retry: bool = False
    checked_at: datetime | None = None
    refresh_url: str = ""
    footer: str | None = None
    #: Plugins other than the account's partner that could not name their acts.
    failures: tuple[str, ...] = ()


def guarded(
    hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, acts: Sequence[Act], *, in_place: bool = False
) -> dict[str, Guard]:
    """The local word on each act: ours on the same nature, then every plugin's; a block wins over a warning.

    A guard that fails or is late blocks with `unknown` (architecture.md §4).
    """
    natures = {act.key: act.nature for act in acts}
    merged = guards.same_nature(session, account, natures)
    ask = hub.in_place if in_place else hub.gather
    found: Collected[Mapping[str, Guard]] = ask(Plugin.transaction_guards, ctx, account, natures)
    for contribution in found.items:
        for code, guard in contribution.item.items():
            if code in natures and (code not in merged or (merged[code].level, guard.level) == ("warn", "block")):
                merged[code] = guard
    for failure in found.failures:
        blocked = Guard("block", "unknown", f"{failure.text} Par prudence, l'acte n'est pas proposé.", "Réessayez.")
        merged.update(dict.fromkeys(natures, blocked))
    return merged


def merged(act: Act, guard: Guard | None) -> Act:
    """The act with the local word: it may only grey; the partner's own reason stays first."""
    if guard is None or guard.level != "block" or not act.enabled:
        return act
    return replace(
        act, enabled=False, reason=guard.text, remedy=guard.remedy, remedy_url=guard.remedy_url, reason_code=guard.code
    )


def menu(
    hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, plugin: str, *, back: str, refresh_url: str,
    orders: Orders | None = None,
) -> ActsView:  # fmt: skip
    """The icon's menu for one account (BL-08, BL-10). `orders`: go along with the acts of which the partner takes them."""
    partner = hub.registry.plugins[plugin].partner
    label = partner.label if partner else plugin
    view = ActsView(
        title=f"{label} · {account.label}", state="listed", account=account, plugin=plugin, partner=label,
        refresh_url=refresh_url,
    )  # fmt: skip
    try:
        found: Sequence[Act] = hub.ask(plugin, Plugin.account_actions, ctx, account)
    except PluginError as error:
        message, state, retry = explain(error, label)
        consult = (
            consultation(ctx, session, account, plugin, back=back, failed=True) if state == "unavailable" else None
        )
        return replace(view, state=state, message=message, retry=retry, consult=consult)
    items = lines(hub, ctx, session, account, plugin, [act for act in found if act.key != CONSULT], back=back, orders=orders)
    return replace(
        view, state="listed" if items else "empty", groups=((None, items),) if items else (), checked_at=now(),
        consult=consultation(ctx, session, account, plugin, back=back, failed=False),
        retry=any(act.retry for act in found),
        footer=" ".join(filter(None, (how(items) or OUTSIDE, along(found, items, orders)))),
    )  # fmt: skip


def how(items: Sequence[Item]) -> str | None:
    """What happens to whoever picks an act: there, here, or either."""
    modes = {item.mode for item in items if item.form_url is None}
    return " ".join(text for mode, text in (("launch", OUTSIDE), ("form", HERE)) if mode in modes) or None


def along(acts: Sequence[Act], items: Sequence[Item], orders: Orders | None) -> str | None:
    """In which open acts the orders are filled; or that they are in none. Nothing where no act is open for them."""
    wanted = {act.key for act in acts if orders is not None and act.nature == orders.nature}
    open_ones = [item for item in items if item.enabled and item.code in wanted]
    filled = [item.label for item in open_ones if item.filled]
    return FILLED.format(acts=", ".join(filled)) if filled else UNFILLED if open_ones else None


def lines(
    hub: Hub, ctx: Context, session: TenantSession, account: AccountRef, plugin: str, acts: Sequence[Act], *, back: str,
    orders: Orders | None = None,
) -> tuple[Item, ...]:  # fmt: skip
    """Each act as a line, with its form's token where it is open."""
    local = guarded(hub, ctx, session, account, acts)
    made = []
    for act in acts:
        guard = local.get(act.key)
        shown = merged(act, guard)
        said = guard if guard and guard.level == "warn" and shown.enabled else None
        taken = orders if orders is not None and act.accepts_prefill and act.nature == orders.nature else None
        made.append(
            Item(
                key=f"{plugin}:{act.key}", code=act.key, label=act.label, icon=act.icon, enabled=shown.enabled,
                reason=shown.reason, remedy=said.remedy if said else shown.remedy,
                remedy_url=said.remedy_url if said else shown.remedy_url, warn=said.text if said else None,
                token=token(ctx, account, plugin, shown, back=back, orders=taken) if shown.enabled else None,
                mode=getattr(act, "mode", "launch"), form_url=getattr(act, "form_url", None),
                filled=taken is not None,
            )
        )  # fmt: skip
    return tuple(made)


def token(ctx: Context, account: AccountRef, plugin: str, act: Act, *, back: str, orders: Orders | None = None) -> str:
    """The form token of one open act, with the orders that go along."""
    assert ctx.principal is not None
    return tokens.issue(
        user_id=ctx.principal.user_id, sid_hash=ctx.sid_hash, account_id=account.id, plugin=plugin, act=act.key,
        label=act.label, nature=act.nature, decision_id=act.decision_id, acr=act.acr, back=back,
        prefill=list(orders.instructions) if orders is not None else None,
    )  # fmt: skip


def consultation(
    ctx: Context, session: TenantSession, account: AccountRef, plugin: str, *, back: str, failed: bool
) -> Item | None:
    """«Consulter le contrat»: offered whenever the mandate covers it, also when the call failed (PLP-044)."""
    assert ctx.principal is not None
    mandate = mandates.usable(session, plugin, ctx.principal.user_id)
    if isinstance(mandate, mandates.Blocked) or f"launch:{CONSULT}" not in mandate.content.get("scopes", ()):
        return None
    label = "Ouvrir l'extranet sans action" if failed else "Consulter le contrat"
    act = AccountAction(CONSULT, label, icon="eye")
    return Item(f"{plugin}:{CONSULT}", CONSULT, label, "eye", True, token=token(ctx, account, plugin, act, back=back))


def explain(error: PluginError, label: str) -> tuple[Message, str, bool]:
    """The message for an error word, the view's state, and whether trying again makes sense."""
    if isinstance(error, MandateMissing):
        link = "Voir l'activation" if error.url else None
        return (
            Message(f"Lien {label} non activé", error.text, error.remedy, url=error.url, url_label=link),
            "inactive",
            error.passing,
        )
    if isinstance(error, ActionNeeded):
        return (
            Message(
                f"{label} demande une action",
                error.text,
                "Suivez le lien, puis revenez.",
                url=error.url,
                url_label="Continuer",
            ),
            "inactive",
            False,
        )
    if isinstance(error, AuthFailed):
        return Message(
            f"{label} ne reconnaît pas votre cabinet", error.text,
            "Prévenez un administrateur\u202f: horloge, clés et enregistrement sont à vérifier avec le partenaire.",
        ), "unavailable", True  # fmt: skip
    if isinstance(error, PartnerRefused):
        return (
            Message(f"{label} refuse la demande", error.text, "Vérifiez le numéro du contrat auprès du partenaire."),
            "unavailable",
            True,
        )
    if isinstance(error, ProtocolError):
        return Message(
            f"Réponse de {label} inutilisable", error.text,
            "Rien n'a été lancé. Réessayez\u202f; si cela dure, prévenez votre administrateur.",
        ), "unavailable", True  # fmt: skip
    return Message(
        f"{label} ne répond pas", error.text or f"{label} n'a pas répondu dans les délais.",
        "Rien n'a été lancé. Réessayez dans un instant.",
    ), "unavailable", True  # fmt: skip
