"""Where Flask views find their extranet."""

from __future__ import annotations

from typing import cast

from flask import current_app

from .world import World


def world() -> World:
    """The extranet of this application."""
    return cast(World, current_app.extensions["extranet"])
