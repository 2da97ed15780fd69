"""Asking where addresses lie, in the background: nobody waits for it, and nothing is held meanwhile (QM-01)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.api import Context
from core.api import PluginError
from core.api import contacts
from core.api import jobs
from core.api.db import session

KEY = "geocode"
#: Addresses of one turn, and seconds that it may take: another turn follows at once where more wait.
MOST, SECONDS = 50, 30.0


def ask(ctx: Context, _data: Mapping[str, Any]) -> list[tuple[contacts.places.Wanted, tuple[contacts.geocoder.Place, ...]]]:
    """Outside of any transaction: each waiting address is asked for, as far as time allows. Nothing where it is off."""
    if not ctx.settings["geocode"]:
        return []
    found, end = [], time.monotonic() + SECONDS
    for wanted in contacts.places.waiting(session(), most=MOST):
        try:
            found.append((wanted, contacts.geocoder.ask(ctx.cabinet_id, ctx.settings["geocoder"], wanted.text)))
        except PluginError:
            if not found:
                raise  # tried again later and later; what was answered before is kept
            break
        if time.monotonic() > end:
            break
    return found


def keep(ctx: Context, data: Mapping[str, Any]) -> None:
    """What was answered is kept beside each address that still reads as it was asked."""
    found = data["fetched"] or []
    for wanted, places in found:
        contacts.places.answered(session(), wanted, places, contacts.geocoder.host(ctx.settings["geocoder"]))
    if len(found) == MOST:
        jobs.enqueue(ctx, KEY)


GEOCODE = jobs.Job(KEY, keep, every=timedelta(minutes=5), fetch=ask, example={"fetched": []})
