"""The browsers in which a person signed in: told by name, recognised by a long-lived cookie that opens nothing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import Response
from flask import after_this_request
from flask import request
from sqlalchemy import delete
from sqlalchemy import select

from core import config
from core.auth.models import Device
from core.cabinets.models import User
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db

COOKIE = "encours_device"
KEPT = timedelta(days=365)
#: The order matters: Edge and Opera call themselves Chrome, Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def label(agent: str | None) -> str:
    """«Firefox sur Windows», from what the browser says of itself."""
    text = agent or ""
    browser = next((name for mark, name in _BROWSERS if mark in text), None)
    system = next((name for mark, name in _SYSTEMS if mark in text), None)
    if browser and system:
        return f"{browser} sur {system}"
    return browser or system or "Appareil non reconnu"


def mark() -> str | None:
    """The hash of the request's device cookie."""
    value = request.cookies.get(config.current().cookie(COOKIE))
    return _hashed(value) if value and len(value) <= 100 else None


def is_known_to(user: User | None) -> str | None:
    """The request's device, if that person signed in with it before."""
    found = mark()
    if found is None or user is None:
        return None
    with db.session(None, write=False) as session:
        return found if session.get(Device, (found, user.id)) is not None else None


def welcome(session: TenantSession, user: User) -> bool:
    """Note that the person signed in here; whether it is a device that he should be told of.

    One that lost its cookie but looks the same and comes from the same address is not new; nor is the very first.
    """
    found, name, ip = mark(), label(request.headers.get("User-Agent")), request.remote_addr
    row = session.get(Device, (found, user.id)) if found else None
    if row is not None:
        row.seen_at, row.ip, row.label = now(), ip, name
        return False
    others = session.execute(select(Device.label, Device.ip).where(Device.user_id == user.id)).all()
    if found is None:
        found = _give_cookie()
    session.add(
        Device(
            mark_hash=found, user_id=user.id, cabinet_id=user.cabinet_id, label=name, ip=ip, first_at=now(), seen_at=now()
        )
    )
    return bool(others) and (name, ip) not in [(other.label, other.ip) for other in others]


def purge(session: TenantSession) -> None:
    """Forget devices that were not used for a year."""
    session.execute(delete(Device).where(Device.seen_at < now() - KEPT))


def _give_cookie() -> str:
    value = secrets.token_urlsafe(32)
    settings = config.current()

    @after_this_request
    def give(response: Response) -> Response:
        response.set_cookie(
            settings.cookie(COOKIE), value, max_age=KEPT, httponly=True, samesite="Lax", secure=settings.secure, path="/"
        )
        return response

    return _hashed(value)


def _hashed(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
