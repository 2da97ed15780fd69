"""Undo: register what reverses a change, offer it, say it. Since 1.0."""

from __future__ import annotations

from core.shell.undo import command
from core.shell.undo import offer
from core.shell.undo import say

__all__ = ["command", "offer", "say"]
