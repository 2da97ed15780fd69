"""The current password, asked again before what protects an account changes; tries are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.auth import limits
from core.auth.schemas import too_many
from core.cabinets import passwords
from core.cabinets.models import User
from core.extensions import db
from core.web import forms


def password_errors(schema: forms.Form, typed: Mapping[str, Any], user_id: str) -> tuple[dict[str, str], int]:
    """What is wrong with a form that asks for the current password, and the status to answer with."""
    errors = dict(forms.check(schema, typed).errors)
    if "password" in errors:
        return errors, 422
    key = f"self:{user_id}"
    wait = limits.take((key, limits.ACCOUNT))
    if wait is not None:
        return too_many(wait, "password"), 429
    with db.session(None, write=False) as reader:
        kept = reader.get_one(User, user_id).password_hash
    if passwords.matches(kept, typed["password"]):
        limits.give_back(key)
        return errors, 422
    return {**errors, "password": _("Ce n'est pas votre mot de passe actuel.")}, 422
