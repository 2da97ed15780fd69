"""What several pages share: icons in one call, the frame of a contact's file, names of partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.api import Plugin
from core.api import accounts
from core.api import contacts
from core.api import links
from core.api import transactions
from core.api.db import today
from core.api.types import AccountRef
from core.api.types import Badge
from core.api.web import address
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import reached
from plugins.portefeuille import services


@dataclass(frozen=True, slots=True)
class Marked:
    """Accounts as lines, and the plugins that could not say their word."""

    lines: list[services.Line]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Icons:
    """The icon of each account that has one."""

    badges: dict[str, Badge]
    failures: tuple[str, ...]


def marked(refs: Sequence[AccountRef]) -> Marked:
    """Lines of a list: partner links, icons and transactions in progress, each in one go (BL-06)."""
    linked = links.attach(db_session(), refs)
    found = icons(linked)
    seen = current_context().can("transactions.view")
    running = transactions.in_progress(db_session(), adviser(), [ref.id for ref in linked]) if seen else {}
    return Marked(services.lines(linked, found.badges, running, today()), found.failures)


def icons(refs: Sequence[AccountRef]) -> Icons:
    """One hook call for a whole list; none without the right to initiate (domain.md §3.6, line 28)."""
    ctx = current_context()
    if not refs or not ctx.can("transactions.initiate"):
        return Icons({}, ())
    found = hub().gather(Plugin.account_badges, ctx, refs)
    badges: dict[str, Badge] = {}
    for contribution in found.items:
        for account_id, badge in contribution.item.items():
            badges.setdefault(account_id, badge)
    return Icons(badges, tuple(failure.text for failure in found.failures))


def notes(account: AccountRef) -> tuple[tuple[tuple[str, str, str, str | None], ...], tuple[str, ...]]:
    """What plugins say of an account, each (how it looks, title, text, where it leads), and the plugins that could not."""
    found = hub().collect(Plugin.account_notes, current_context(), account)
    said = found.values()
    urls = [address(one.endpoint, **one.values) if one.endpoint else None for one in said]
    made = tuple((one.kind, one.title, one.text, url) for one, url in zip(said, urls, strict=True))
    return made, tuple(failure.text for failure in found.failures)


def account(account_id: str) -> AccountRef:
    """One account with its partner link. Raises `NotFound`, also where the adviser may not see it."""
    return links.attach(db_session(), [accounts.get_ref(db_session(), adviser(), account_id)])[0]


def file_frame(contact_id: str, active: str) -> tuple[contacts.FileFrame, tuple[str, ...]]:
    """The rubrics and pages of a contact's file, and the plugins that could not name theirs."""
    ctx = current_context()
    sections = reached(hub().collect(Plugin.contact_sections, ctx), Plugin.contact_sections, contact_id=contact_id)
    frame = contacts.file_frame(sections.values(), active=active, url=sections.url, can=ctx.can)
    return frame, tuple(failure.text for failure in sections.failures)


def partners() -> dict[str, str]:
    """Enabled partner links: plugin → the name people say."""
    plugins = hub().registry.plugins
    return {name: found.label for name in current_context().enabled if (found := plugins[name].partner)}


def partner_name(plugin: str | None) -> str | None:
    """A plugin's partner as people say it, also once it is off; None for no plugin."""
    if plugin is None:
        return None
    found = hub().registry.plugins.get(plugin)
    return found.partner.label if found and found.partner else plugin.title()
