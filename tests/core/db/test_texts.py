"""NUL, which PostgreSQL cannot keep: the same clear answer on both engines, never a 500."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contacts.models import Contact
from core.db.texts import NulInText
from core.extensions import db
from core.links.plp_json import parse
from core.search.models import SearchWord
from tests.conftest import People


def test_an_address_with_nul_names_nothing(adviser: FlaskClient) -> None:
    """Issue 3, «Bad input»: whatever stands in an address before or behind sign-in, 404 in French."""
    for path in ("/documents/a%00b", "/p/contacts/%00", "/plp/%00/jwks.json", "/plp/return?launch=%00"):
        answer = adviser.get(path)
        assert answer.status_code in (404, 422), path
        assert "Page introuvable" in answer.get_data(as_text=True) or "caractère invisible" in answer.get_data(as_text=True)
    assert adviser.get("/plp/demo/keys-statement?mandate=%00").status_code == 400
    assert adviser.post("/plp/hooks/%00").status_code == 404


def test_no_statement_takes_it(people: People) -> None:
    """The net below forms and lists: a rule that said no, not a driver's error, looked for or written, one row or many."""
    with db.session(people.cabinet_id) as session:
        with pytest.raises(NulInText):
            session.scalars(select(Contact.id).where(Contact.id == "a\0b")).all()
        session.add_all([Contact(kind="PERSONNE_PHYSIQUE", display_name=name) for name in ("Durand", "Du\0rand")])
        with pytest.raises(NulInText):
            session.flush()
        session.rollback()
    for words in (("abc", "a\0c"), (None, "a\0c")):  # whole columns are looked through, of texts alone or not
        rows = [("contact", f"ref{at}", word) for at, word in enumerate(words)]
        with db.session(people.cabinet_id) as session, pytest.raises(NulInText):
            session.put(SearchWord, ("kind", "ref", "word"), rows)


@pytest.mark.parametrize("body", [b'{"a": "x\\u0000"}', b'{"x\\u0000": 1}', b'["a", ["\\u0000"]]', b'"\\u0000"'])
def test_a_partner_s_text_with_nul_is_refused(body: bytes) -> None:
    """PLP-003, PLP-006: what we could not keep is said to whom sent it; a text that only speaks of it is taken."""
    with pytest.raises(ValueError, match="NUL"):
        parse(body)
    assert parse(b'{"a": "\\\\u0000"}') == {"a": "\\u0000"}
