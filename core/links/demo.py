"""The demonstration joins a partner as a cabinet does: sheet, enrolment, mandate, dispatch; then waits to be active."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.cabinets import profiles
from core.cabinets import services as cabinets
from core.cabinets.models import Cabinet
from core.db import current
from core.db.clock import today
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks import telling
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.links import account_links
from core.links import enrolments
from core.links import mandate_paper
from core.links import mandates
from core.links import registration
from core.links.mandate_paper import Paper as MandatePaper

INSPECTOR = ("Claire Vasseur", "inspection@nomineo.example")


@dataclass(frozen=True, slots=True)
class Joined:
    """What the partner is given: our sheet; and what stands on the paper."""

    sheet: dict[str, Any]
    mandate: str
    code: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A mandate's form, made for the demonstration: its bytes and the code printed on it."""

    pdf: bytes
    code: str


def join_partner(
    slug: str, plugin: str, sheet: dict[str, Any], *, broker_code: str, paper: Callable[[MandatePaper], Paper]
) -> Joined:
    """Register a partner for a demonstration cabinet and bring the mandate to «transmis».

    `paper` makes the plugin's own form from what it is pre-filled with. Every person of the cabinet who may initiate
    transactions is enrolled.
    """
    registry = telling.hub().registry
    with db.session(_cabinet_id(slug)) as session:
        actor = next(iter(cabinets.administrators(session)))
        enabling.switch(session, registry, plugin, on=True, actor=actor)
        platform = registration.register(session, sheet, broker_code=broker_code, actor=actor)
        for user in cabinets.users(session):
            if "transactions.initiate" in profiles.rights_of(session, user.role):
                enrolments.set_state(session, plugin, user.id, state="enrolled", actor=actor)
        account_links.recompute(session, registry, enabling.enabled(session, registry))
        made = paper(mandate_paper.paper(session, plugin))
        signed = today() - timedelta(days=1)
        mandate = mandates.complete(
            session, plugin, pdf=made.pdf, filename="mandat-rempli.pdf", broker_code=broker_code, signed_on=signed,
            actor=actor, code=made.code,
        )  # fmt: skip
        mandates.send(session, plugin, inspector_name=INSPECTOR[0], inspector_email=INSPECTOR[1], sent_on=today(), actor=actor)
        platform["advisers"] = mandates.listed_advisers(session, plugin)
        return Joined(platform, mandate.reference, made.code)


@contextmanager
def working(slug: str, plugin: str) -> Iterator[Context]:
    """Write in a demonstration cabinet as its first administrator: one transaction, with the plugin's own context."""
    registry = telling.hub().registry
    with db.session(_cabinet_id(slug)) as session, current.bound(session):
        who = next(iter(cabinets.administrators(session)))
        made = context.make(session, registry, principal=cabinets.principals(session, [who])[who])
        yield context.prepare(made, registry.plugins[plugin])


def enable(slug: str, plugin: str, sheet: dict[str, Any]) -> None:
    """Enable and register a partner for a cabinet that has no mandate yet: its icons then say how to activate."""
    registry = telling.hub().registry
    with db.session(_cabinet_id(slug)) as session:
        actor = next(iter(cabinets.administrators(session)))
        enabling.switch(session, registry, plugin, on=True, actor=actor)
        registration.register(session, sheet, actor=actor)
        account_links.recompute(session, registry, enabling.enabled(session, registry))


def wait_active(slug: str, plugin: str, *, seconds: float) -> bool:
    """Wait until the partner's hooks have made the mandate active; whether they did."""
    cabinet_id = _cabinet_id(slug)
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        with db.session(cabinet_id, write=False) as session:
            mandate = mandates.current(session, plugin)
            if mandate is not None and mandate.state == "active":
                return True
        time.sleep(0.2)
    return False


def _cabinet_id(slug: str) -> int:
    with db.session(None, write=False) as session:
        return session.scalars(select(Cabinet.id).where(Cabinet.slug == slug)).one()


def context_of(session: TenantSession, by: Adviser) -> Context:
    """What hooks are asked with, as this person."""
    return context.make(session, telling.hub().registry, principal=by)


@contextmanager
def acting(slug: str, email: str) -> Iterator[tuple[TenantSession, Adviser]]:
    """A session of a demonstration cabinet and one of its people, as a module's share of the data is written."""
    with db.session(_cabinet_id(slug)) as session:
        user = next(one for one in cabinets.users(session) if one.email == email)
        yield session, cabinets.principals(session, [user.id])[user.id]
