"""The form engine: schemas, fields, stale forms, and the pure readers of what people type. Since 1.0."""

from __future__ import annotations

from core.web import fields
from core.web import inputs
from core.web.forms import Checked
from core.web.forms import FieldView
from core.web.forms import Form
from core.web.forms import FormView
from core.web.forms import asked
from core.web.forms import check
from core.web.forms import refused
from core.web.forms import shown
from core.web.forms import typed
from core.web.forms import view
from core.web.once import once
from core.web.once import token
from core.web.order import reordered
from core.web.stale import Clash
from core.web.stale import clash
from core.web.stale import stamp

__all__ = [
    "Checked", "Clash", "FieldView", "Form", "FormView", "asked", "check", "clash", "fields", "inputs", "once", "refused",
    "reordered", "shown", "stamp", "token", "typed", "view",
]  # fmt: skip
