"""What a plugin may use: the only door to core. Versioned; names here do not move within a major version.

Since 1.0.
"""

from __future__ import annotations

from core.hooks.errors import ActionNeeded
from core.hooks.errors import AuthFailed
from core.hooks.errors import MandateMissing
from core.hooks.errors import PartnerRefused
from core.hooks.errors import PartnerUnavailable
from core.hooks.errors import PluginError
from core.hooks.errors import ProtocolError
from core.hooks.registry import API_VERSION
from core.hooks.specs import Plugin
from core.hooks.specs import hookimpl
from core.hooks.types import Context

__all__ = [
    "API_VERSION",
    "ActionNeeded",
    "AuthFailed",
    "Context",
    "MandateMissing",
    "PartnerRefused",
    "PartnerUnavailable",
    "Plugin",
    "PluginError",
    "ProtocolError",
    "hookimpl",
]
