"""A plugin's settings: the field of a secret, and saving the cabinet's values. Since 1.0."""

from __future__ import annotations

from core.hooks.secret_field import SecretField as Secret
from core.hooks.settings import save

__all__ = ["Secret", "save"]
