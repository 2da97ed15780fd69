"""The hooks, as methods of `Plugin`. A plugin subclasses it and decorates what it overrides with `@hookimpl`.

The way a hook is called stands in its `@hookspec`: `lane` inline (in place, no I/O) or guarded (own thread, own
session, given up at the deadline); `kind` collect (all enabled plugins), addressed (one plugin), notify (after
commit). Since 1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import ClassVar
from typing import Literal
from typing import TypeVar

import pluggy
from flask import Blueprint
from marshmallow import Schema

from core.hooks.types import AccountAction
from core.hooks.types import AccountRef
from core.hooks.types import Badge
from core.hooks.types import Column
from core.hooks.types import ContactSection
from core.hooks.types import Context
from core.hooks.types import Event
from core.hooks.types import Guard
from core.hooks.types import Intent
from core.hooks.types import Launch
from core.hooks.types import Module
from core.hooks.types import Partner
from core.hooks.types import QuickAction
from core.hooks.types import SearchProvider
from core.hooks.types import Step
from core.hooks.types import TransactionRef
from core.hooks.types import TransactionType

PROJECT = "encours"
_spec_marker = pluggy.HookspecMarker(PROJECT)
_impl_marker = pluggy.HookimplMarker(PROJECT)

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Spec:
    """How a hook is called and what may come back. `item` is the type of each result."""

    lane: Literal["inline", "guarded"]
    kind: Literal["collect", "addressed", "notify"]
    shape: Literal["list", "mapping", "one", "none"]
    item: type
    #: Seconds after which a guarded call is given up.
    limit: float = 2.0


def hookspec(
    *, lane: Literal["inline", "guarded"], kind: Literal["collect", "addressed", "notify"],
    shape: Literal["list", "mapping", "one", "none"], item: type, limit: float = 2.0,
) -> Callable[[F], F]:  # fmt: skip
    """Mark a method of `Plugin` as a hook."""

    def mark(function: F) -> F:
        function.encours_hook = Spec(lane, kind, shape, item, limit)  # type: ignore[attr-defined]
        return _spec_marker(function)

    return mark


def hookimpl(function: F) -> F:
    """Mark a method as an implementation of the hook of its name."""
    return _impl_marker(function)


class Plugin:
    """What every plugin subclasses: its metadata, and one short method per hook that it implements."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    version: ClassVar[str] = "0"
    #: Versions of `core.api.API_VERSION` it works with (PEP 440).
    api: ClassVar[str] = ">=1.0,<2"
    #: Whether a new cabinet has it on from the start.
    default_on: ClassVar[bool] = False
    weight: ClassVar[int] = 100
    settings_schema: ClassVar[type[Schema] | None] = None
    permissions: ClassVar[tuple[str, ...]] = ()
    partner: ClassVar[Partner | None] = None
    depends: ClassVar[tuple[str, ...]] = ()
    #: Folder of its Alembic migrations, where it owns tables.
    migrations: ClassVar[Path | None] = None

    def blueprint(self) -> Blueprint | None:
        """Its pages, made by `core.api.web.blueprint`; None where it has none."""
        return None

    # --- asked of an account's partner -------------------------------------------------------------------------

    @hookspec(lane="guarded", kind="addressed", shape="list", item=AccountAction, limit=5.4)
    def account_actions(self, ctx: Context, account: AccountRef) -> Sequence[AccountAction]:
        """The acts of the icon's menu for one account, in the partner's own order (BL-08, BL-10).

        Called when an adviser opens the menu. Each key is the act's code; what is not open has a reason.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="list", item=TransactionType, limit=5.4)
    def transaction_types(self, ctx: Context, account: AccountRef) -> Sequence[TransactionType]:
        """What may be added to an account from its tab Transactions (BL-09).

        The account's partner answers with the list of `account_actions`; others may add types typed here.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="mapping", item=Guard)
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        """Local rules on acts: `acts` maps act code → nature; the answer names those blocked or warned about.

        Called with the list, and again in place inside the launch's transaction (BL-11). A guard that fails
        or is late blocks with `unknown`: a local reason may only grey.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="one", item=Launch)
    def start_transaction(self, ctx: Context, account: AccountRef, intent: Intent) -> Launch:
        """How the browser is handed over to the partner for this act (BL-12). No partner is called."""
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="list", item=Step)
    def activation_steps(self, ctx: Context) -> Sequence[Step]:
        """The steps of the partner's activation for the cabinet, for settings and greyed icons (BL-05)."""
        raise NotImplementedError

    # --- lists, in one batch -----------------------------------------------------------------------------------

    @hookspec(lane="inline", kind="collect", shape="mapping", item=Badge)
    def account_badges(self, ctx: Context, accounts: Sequence[AccountRef]) -> Mapping[str, Badge]:
        """The icon of each account, by account id; in one call for a whole list, with no I/O (BL-06)."""
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=Column)
    def transaction_columns(self, ctx: Context, transactions: Sequence[TransactionRef]) -> Sequence[Column]:
        """Columns added to a table of transactions, with their cells (BL-13)."""
        raise NotImplementedError

    # --- navigation --------------------------------------------------------------------------------------------

    @hookspec(lane="inline", kind="collect", shape="list", item=Module)
    def modules(self, ctx: Context) -> Sequence[Module]:
        """Entries of the module bar."""
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=ContactSection)
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """Pages of a contact's file, by rubric."""
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=SearchProvider)
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        """Groups of the quick search and of the palette (RE-01 to RE-03).

        Called with each page of results; each provider's `search` then runs by itself, so that a slow one never
        delays the others.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=QuickAction)
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """Entries of the quick menu «+», in every module, and of the palette (QM-01)."""
        raise NotImplementedError

    # --- after commit ------------------------------------------------------------------------------------------

    @hookspec(lane="guarded", kind="notify", shape="none", item=object, limit=30)
    def on_event(self, ctx: Context, event: Event) -> None:
        """Something happened; told after commit, by a job, at least once."""
        raise NotImplementedError


def specs() -> dict[str, Spec]:
    """Every hook by name."""
    return {name: function.encours_hook for name, function in vars(Plugin).items() if hasattr(function, "encours_hook")}
