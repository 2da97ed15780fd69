"""Flask-Login's user: who is signed in, read once a request."""

from __future__ import annotations

from flask_login import UserMixin

from core import config
from core.auth import sessions
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.cabinets.permissions import ROLES
from core.cabinets.services import principal
from core.db.session import TenantSession
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
        self.display_name = user.display_name
        self.initials = user.initials
        self.photo_id = user.photo_id
        self.single_keys = user.single_keys
        self.adviser = adviser


@login.request_loader
def load(_request: object) -> SignedIn | None:
    """The person of the request's session; None once he was deactivated."""
    found = sessions.current()
    if found is None:
        return None
    with db.session(None, write=False) as reader:
        user = reader.get(User, found.user_id)
        cabinet = reader.get(Cabinet, found.cabinet_id)
        if user is None or cabinet is None or not user.active or user.cabinet_id != found.cabinet_id:
            return None
        return SignedIn(user, cabinet, _principal(reader, user))


def of_session(sid: str) -> Adviser | None:
    """Whose session this is, with his rights of now; None once it ended, or he was deactivated."""
    found = sessions.known(sid, config.current())
    if found is None or found.user_id is None:
        return None
    with db.session(None, write=False) as reader:
        user = reader.get(User, found.user_id)
        if user is None or not user.active or user.cabinet_id != found.cabinet_id:
            return None
        return _principal(reader, user)


def _principal(reader: TenantSession, user: User) -> Adviser:
    if user.role in ROLES:
        return principal(reader, user)
    with db.session(user.cabinet_id, write=False) as own:  # a profile that the cabinet made is among its own rows
        return principal(own, user)


live.signed_in(of_session)
