"""The partner of the page that is asked for: each has the same pages, told apart by their blueprint."""

from __future__ import annotations

from flask import request

from core.activation.partnership import Partnership
from core.activation.plugin import PartnerPlugin
from core.hooks.types import Adviser
from core.shell.gate import current_context
from core.shell.gate import hub


def at_hand() -> Partnership:
    """The partner whose page this is."""
    plugin = hub().registry.plugins[str(request.blueprint).removeprefix("p_")]
    assert isinstance(plugin, PartnerPlugin), "these views are of partners' blueprints only"
    return plugin.partnership


def adviser() -> Adviser:
    """The signed-in person."""
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found
