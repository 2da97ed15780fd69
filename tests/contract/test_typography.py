"""What people read is set as French is: no double sign alone at the start of a line (ux.md, style)."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import lint_templates

CASES = {
    "page.html": {
        "<p>{{ _('Attention : ceci') }}</p>": True, '<p>{{ _("Attention\u202f: ceci") }}</p>': False,
        "<p title=\"{{ _('Fichiers : %(a)s', a=a) }}\">": True, "{{ ngettext('%(num)s an !', '%(num)s ans !', n) }}": True,
        "{% if a == ' ; ' %}{{ _('12:30') }}{% endif %}": False,
    },
    "view.py": {
        'raise DomainError("Ce nom est pris ; choisissez-en un autre.")': True, '_("Est-ce vrai?")': True,
        'raise NotFound(f"Le profil «{name}» : inconnu.")': True, '_l("Vraiment\u202f?")': False, 'log("a : b")': False,
        '_("Lisez https://exemple.fr/a?b=1, de 12:00 à 13:00.")': False,
    },
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in CASES.items() for text in texts])
def test_the_lint_knows_a_loose_sign(tmp_path: Path, name: str, text: str) -> None:
    """US-02: in gettext's texts and in what errors say, nowhere else."""
    (tmp_path / name).write_text(text, "utf-8")
    assert bool(lint_templates.loose(tmp_path / name)) == CASES[name][text]
