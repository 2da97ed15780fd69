"""Calls to a partner's own programs, on the hosts that the plugin declares. Since 1.0."""

from __future__ import annotations

from core.http.partner import Answer
from core.http.sockets import connected
from core.links.own_http import request

__all__ = ["Answer", "connected", "request"]
