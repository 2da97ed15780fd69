"""The background work: the engine is asked outside of any transaction, its answers are kept by case and engine version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.api import Context
from core.api import jobs
from core.api import live
from core.api import taxes
from core.api.db import now
from core.api.db import session
from plugins.fiscalite import services

#: Seconds before another try: while the engine prepares itself, where it does not answer.
PAUSES = {"preparing": 5, "unavailable": 30}
#: While another job is asking.
BUSY = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What was heard: by key an answer, or why there is none. `later`: another job was asking, nothing was heard."""

    found: Mapping[str, taxes.Result | taxes.Unavailable]
    later: bool = False


def enqueue(ctx: Context, found: services.Declared, taxed: Decimal | None, *, seconds: float = 0) -> None:
    """Have the engine asked about a declaration as it is now, in the transaction at hand. `taxed`: the base of the IFI."""
    data = {
        "contact_id": found.contact_id, "year": found.year, "version": found.version,
        "taxed": None if taxed is None else format(taxed, "f"),
    }  # fmt: skip
    jobs.enqueue(ctx, "calculate", data, at=now() + timedelta(seconds=seconds) if seconds else None)


def part(contact_id: str, year: int) -> str:
    """What an open page calls the part that shows the result."""
    return f"fiscalite:{contact_id}:{year}"


def ask(ctx: Context, data: Mapping[str, Any]) -> Asked:
    """Ask the engine what is not known yet, unless another job is asking."""
    with taxes.turn() as mine:
        return _ask(data) if mine else Asked({}, later=True)


def _ask(data: Mapping[str, Any]) -> Asked:
    """Once the engine fails it is not asked again in this turn."""
    found = services.declared(session(), data["contact_id"], data["year"])
    heard: dict[str, taxes.Result | taxes.Unavailable] = {}
    if found.version != data["version"]:
        return Asked(heard)  # changed meanwhile: the later job does it
    engine, failed = taxes.here(), None
    taxed = _taxed(data)
    known = services.estimates(session(), services.keys(found, taxed).values())
    version = ""
    try:
        version = engine.version()
    except taxes.Unavailable as error:
        failed = error
    for household in services.cases(found, taxed).values():
        key = taxes.key(taxes.case_of(household))
        before = known.get(key)
        if before is not None and before.done and (failed is not None or before.program == version):
            continue
        if failed is None:
            try:
                heard[key] = engine.estimate(household)
                continue
            except taxes.Unavailable as error:
                if error.state == "refused":
                    heard[key] = error
                    continue
                failed = error
        heard[key] = failed
    return Asked(heard)


def calculate(ctx: Context, data: Mapping[str, Any]) -> None:
    """Keep what was heard; ask again later where the engine was not there. Open pages are told."""
    asked: Asked = data["fetched"]
    pauses = []
    for key, heard in asked.found.items():
        if isinstance(heard, taxes.Unavailable):
            services.keep(session(), key, state=heard.state, text=heard.text)
            if heard.again:
                pauses.append(PAUSES[heard.state])
            continue
        scale = {
            "year": heard.scale.year,
            "brackets": [[format(one.above, "f"), format(one.rate, "f")] for one in heard.scale.brackets],
        }
        figures = {name: format(value, "f") for name, value in heard.values.items()}
        services.keep(
            session(), key, state="done", text="", program=heard.version, figures=figures, scale=scale, computed_at=now()
        )
    found = services.declared(session(), data["contact_id"], data["year"])
    if asked.later:
        pauses.append(BUSY)
    if pauses and found.version == data["version"]:
        enqueue(ctx, found, _taxed(data), seconds=max(pauses))
    if asked.found:
        live.changed(part(found.contact_id, found.year), about=("contact", found.contact_id))


def _taxed(data: Mapping[str, Any]) -> Decimal | None:
    return None if data["taxed"] is None else Decimal(data["taxed"])


def purge(ctx: Context, _data: Mapping[str, Any]) -> None:
    """Forget answers of long ago."""
    services.forget_old(session())


JOBS = (
    jobs.Job(
        "calculate", calculate, fetch=ask,
        example={"contact_id": "{contact_id}", "year": 2025, "version": 1, "taxed": None, "fetched": Asked({})},
    ),
    jobs.Job("purge", purge, every=timedelta(days=1)),
)  # fmt: skip
