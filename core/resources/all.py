"""All of core's resources, in the order of the reference."""

from __future__ import annotations

from core.resources.me import ME

RESOURCES = (ME,)
