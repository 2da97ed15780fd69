"""French plurals: none and one are singular, in views and in templates."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import gettext
from flask_babel import ngettext


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 contact"), (1, "1 contact"), (2, "2 contacts"), (-1, "-1 contact"), (10, "10 contacts")],
)
def test_nothing_is_singular(app: Flask, count: int, said: str) -> None:
    """MB-01: a list without a line is headed «0 contact»."""
    template = app.jinja_env.from_string("{{ ngettext('%(num)s contact', '%(num)s contacts', n) }}")
    with app.test_request_context():
        assert ngettext("%(num)s contact", "%(num)s contacts", count) == said
        assert template.render(n=count) == said
        assert gettext("Contacts") == "Contacts"
        assert app.jinja_env.from_string("{{ _('Bonjour %(who)s', who=who) }}").render(who="Anne") == "Bonjour Anne"
