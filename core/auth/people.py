"""Flask-Login's user: who is signed in, read once a request."""

from __future__ import annotations

from flask_login import UserMixin

from core.auth import sessions
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.cabinets.services import principal
from core.extensions import db
from core.extensions import login
from core.hooks.types import Adviser


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person of the session, and the cabinet it belongs to."""

    def __init__(self, user: User, cabinet: Cabinet) -> None:
        self.id = user.id
        self.cabinet_id = user.cabinet_id
        self.cabinet_slug = cabinet.slug
        self.cabinet_name = cabinet.name
        self.display_name = user.display_name
        self.initials = user.initials
        self.single_keys = user.single_keys
        self.adviser: Adviser = principal(user)


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
        return SignedIn(user, cabinet)
