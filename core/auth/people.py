"""Flask-Login's user: who is signed in, read once a request."""

from __future__ import annotations

from flask_login import UserMixin

from core import config
from core.auth import sessions
from core.cabinets import brand
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.cabinets.permissions import ROLES
from core.cabinets.services import principal
from core.extensions import db
from core.extensions import login
from core.hooks.types import Adviser
from core.live import views as live


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person of the session, and the cabinet it belongs to."""

    def __init__(self, user: User, cabinet: Cabinet, adviser: Adviser) -> None:
        self.id = user.id
        self.cabinet_id = user.cabinet_id
        self.cabinet_slug = cabinet.slug
        self.cabinet_name = cabinet.name
        self.brand = brand.worn(cabinet.brand)
        self.display_name = user.display_name
        self.initials = user.initials
        self.photo_id = user.photo_id
        self.single_keys = user.single_keys
        self.adviser = adviser


@login.request_loader
def load(_request: object) -> SignedIn | None:
    """The person of the request's session; None once he was deactivated."""
    found = sessions.person()
    user = _active(found)
    if found is None or user is None or found.cabinet is None:
        return None
    return SignedIn(user, found.cabinet, _principal(user))


def of_session(sid: str) -> Adviser | None:
    """Whose session this is, with his rights of now; None once it ended, or he was deactivated."""
    user = _active(sessions.known(sid, config.current()))
    return _principal(user) if user is not None else None


def _active(found: sessions.Known | None) -> User | None:
    """A session's person, unless he was deactivated or is of another cabinet than it."""
    user = found.user if found is not None else None
    if found is None or user is None or not user.active or user.cabinet_id != found.row.cabinet_id:
        return None
    return user


def _principal(user: User) -> Adviser:
    # a profile that the cabinet made is among its own rows; a built-in one is read nowhere
    with db.session(None if user.role in ROLES else user.cabinet_id, write=False) as own:
        return principal(own, user)


live.signed_in(of_session)
