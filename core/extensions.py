"""Extension objects, unbound: `core.app` binds them to an application."""

from __future__ import annotations

from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from core.db.session import Database

db = Database()
babel = Babel()
login = LoginManager()
login.session_protection = None  # ours are server-side and rotated: it would only write a mark into each of them
csrf = CSRFProtect()
