"""Addresses of lists are those that Flask would make, whatever was typed; icons are drawn for where we stand (CT-01)."""

from __future__ import annotations

from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask import url_for
from werkzeug.datastructures import MultiDict

from core.web import lists
from plugins.contacts.listing import SPEC

TYPED = ("", "LINE", "a&b=c/d?e#f", "é ü 100 %", "x" * 300, "'\"<>;,")


def state(typed: str) -> lists.ListState:
    args = MultiDict({"q": typed, "page": "3", "tri": "ville", "sens": "desc", "colonnes": "nom,ville"})
    return lists.read(SPEC, args, can=lambda _right: True)


@pytest.mark.parametrize("typed", TYPED)
def test_an_address_says_all_of_the_list(app: Flask, typed: str) -> None:
    """ux.md §2.2: what the list's address holds comes back as it was, whatever signs were typed."""
    with app.test_request_context():
        shown = state(typed)
        assert shown.here() == url_for(SPEC.endpoint, **shown.query(page=3))
        again = lists.read(SPEC, MultiDict(parse_qs(urlsplit(shown.here()).query)), can=lambda _right: True)
        assert (again.typed, again.sort, again.descending, again.number) == (shown.typed, "ville", True, 3)


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("key", ["c0000000000000000000000001", "LINE", "a/b?c&d", "é"])
def test_a_lines_address_is_the_one_flask_makes(app: Flask, typed: str, key: str) -> None:
    """CT-01: one pattern for all lines, as right as an address made for each."""
    with app.test_request_context():
        shown = state(typed)
        made = shown.line_urls("p_contacts.contact", "contact_id")(key, 7)
        assert parse_qs(urlsplit(made).query)["rang"] == ["7"]
        assert parse_qs(urlsplit(made).query)["liste"] == [shown.carried()]
        if "/" not in key:
            assert made == url_for("p_contacts.contact", contact_id=key, liste=shown.carried(), rang=7)


def test_a_lines_address_of_a_bare_list(app: Flask) -> None:
    """CT-01: a list as it opens is carried by nothing."""
    with app.test_request_context():
        shown = lists.read(SPEC, MultiDict(), can=lambda _right: True)
        assert shown.line_urls("p_contacts.contact", "contact_id")("c1", 1) == "/p/contacts/c1?rang=1"


def test_icons_and_files_follow_where_the_application_stands(app: Flask) -> None:
    """Operator's guide: behind a path of a proxy, what was drawn for another place is not shown."""
    template = "{% import 'macros/ui.html' as ui %}{{ ui.icon('plus', 's', 'x') }}{{ asset('icons.svg') }}"
    shown = []
    for root in ("", "/cabinet", ""):
        with app.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            shown.append(app.jinja_env.from_string(template).render())
    assert shown[0] == shown[2] == shown[1].replace("/cabinet/", "/")
    assert shown[1].count('/cabinet/static/') == 2
    assert 'class="e-ico e-ico--s x"' in shown[0]
