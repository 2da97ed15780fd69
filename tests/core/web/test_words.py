"""Fixed words are translated once, when a template is compiled (ux.md §1); what holds values, when it is shown."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Domain
from flask_babel import get_babel


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ _('L\\'été') }}", "L'été"),
        ("{{ _('100 %%') }}", "100 %"),
        ("{{ _('<b>%(name)s</b>', name=name) }}", "<b>&lt;i&gt;</b>"),
        ("{% set a = {'k': _('Nom')} %}{{ a.k ~ name }}", "Nom&lt;i&gt;"),
        ("{{ _('Nom') if name else _('Rien') }}, {{ ngettext('%(num)s nom', '%(num)s noms', 2) }}", "Nom, 2 noms"),
        ("_('Nom')", "_('Nom')"),
    ],
)
def test_words_are_shown_as_before(app: Flask, template: str, shown: str) -> None:
    """What a call of `_` gives, its folding gives: apostrophes, per cents, escaping of what is put in."""
    with app.test_request_context():
        assert app.jinja_env.from_string(template).render(name="<i>") == shown


def test_fixed_words_are_translated_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 3, «Speed»: a page shown again translates nothing that is the same for everybody."""
    with app.test_request_context():
        template = app.jinja_env.from_string("{{ _('Nom') }}{{ _('Page %(n)s', n=1) }}")
        asked: list[str] = []

        def gettext(_domain: Domain, words: str, **values: object) -> str:
            asked.append(words)
            return words % values if values else words

        monkeypatch.setattr(Domain, "gettext", gettext)
        monkeypatch.setattr(type(get_babel().instance.domain_instance), "gettext", gettext)
        template.render()
    assert "Nom" not in asked
