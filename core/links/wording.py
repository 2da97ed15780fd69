"""What a partner's mandate calls people and states: the plugin's own words (`Partner.words`), core's where it has none."""

from __future__ import annotations

from core.hooks import telling
from core.hooks.declared import MandateWords
from core.links import mandate_machine as machine


def words(plugin: str) -> MandateWords:
    """The plugin's; those by default where it is not installed any more, or nobody made an application."""
    known = telling.hub().registry.plugins.get(plugin) if telling.ready() else None
    return known.partner.words if known is not None and known.partner is not None else MandateWords()


def state(plugin: str, code: str) -> str:
    """A state of its mandate, in full."""
    return f"{machine.LABELS[code]} {words(plugin).to_contact}" if code == "sent" else machine.LABELS[code]


def event(plugin: str, code: str) -> str:
    """What happened to its mandate, in full."""
    return state(plugin, "sent") if code == "send" else machine.EVENT_LABELS.get(code, code)
