"""The form engine: one schema gives the fields, the values and the faults (WS-02, ADR 007)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from typing import ClassVar

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.web import fields
from core.web import forms
from core.web import stale
from core.web.once import once
from core.web.once import token


class Sample(forms.Form):
    """One field of each sort."""

    groups: ClassVar[dict[str, Any]] = {"a": "Premier", "b": "Second"}

    kind = fields.choice("Nature", {"P": "Personne", "M": "Morale"}, missing="Choisissez.", kind="radio", group="a")
    siren = fields.siren("SIREN", missing="Saisissez le SIREN.", group="a", when=("kind", ("M",)))
    born = fields.day("Né le", past=True, group="b", when=("kind", ("P",)))
    capital = fields.amount("Capital", group="b")
    note = fields.line("Note", 10, group="a")
    agreed = fields.flag("Accord", group="b")
    acts = fields.several("Actes", {"x": "X", "y": "Y"}, missing="Choisissez au moins un acte.", group="b")


@pytest.fixture(autouse=True)
def request_of(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def checked(*sent: tuple[str, str]) -> forms.Checked:
    schema = Sample()
    return forms.check(schema, forms.typed(schema, MultiDict(sent)))


def test_values_are_typed() -> None:
    """WS-02: dates are dates, amounts decimals, a box that is not sent is not ticked, an unknown name is left out."""
    found = checked(("kind", "P"), ("born", "14/03/1968"), ("capital", "1 234,50"), ("acts", "x"), ("acts", "y"), ("evil", "1"))
    assert found.errors == {}
    assert found.values["born"] == date(1968, 3, 14)
    assert (str(found.values["capital"]), found.values["agreed"], found.values["acts"]) == ("1234.50", False, ["x", "y"])
    assert "evil" not in found.values


def test_a_field_that_is_not_asked_for_is_not_missing_and_not_read() -> None:
    """WS-02: the SIREN is a company's: mandatory for it, ignored for a person, even wrong."""
    person = checked(("kind", "P"), ("acts", "x"), ("siren", "n'importe quoi"))
    assert (person.errors, "siren" in person.values) == ({}, False)
    assert checked(("kind", "M"), ("acts", "x")).errors == {"siren": "Saisissez le SIREN."}
    assert checked(("kind", "M"), ("acts", "x"), ("born", "hier"), ("siren", "732829320")).errors == {}


def test_all_faults_come_in_the_order_of_the_page_with_what_was_typed() -> None:
    """ux.md §2.11: summary and fields say the same; nothing typed is lost."""
    schema = Sample()
    typed = forms.typed(schema, MultiDict([("kind", "P"), ("born", "14 mars 68"), ("note", "x" * 11), ("capital", "mille")]))
    found = forms.check(schema, typed)
    assert list(found.errors) == ["note", "born", "capital", "acts"]
    view = forms.view(schema, typed, found.errors)
    assert [(one["name"], one["label"]) for one in view.errors] == [
        ("note", "Note"), ("born", "Né le"), ("capital", "Capital"), ("acts", "Actes"),
    ]  # fmt: skip
    assert view.field("born")["value"] == "14 mars 68"
    assert view.field("born")["error"] == "Écrivez la date au format JJ/MM/AAAA."
    assert [[one["name"] for one in group.fields] for group in view.groups] == [
        ["kind", "siren", "note"], ["born", "capital", "agreed", "acts"],
    ]  # fmt: skip
    assert view.field("siren")["required"]
    assert view.field("siren")["when"] == {"name": "kind", "values": "M"}


def test_a_code_that_is_not_in_the_list_is_refused() -> None:
    """WS-02: a list is checked by the server too."""
    assert checked(("kind", "Z"), ("acts", "x")).errors == {"kind": "Choisissez une valeur de la liste."}


RECORD = {"kind": "P", "born": date(1968, 3, 14), "note": "un", "agreed": True, "siren": None}


def test_a_form_that_nobody_else_touched_is_not_stale() -> None:
    """Issue 3, «Two people edit the same contact»."""
    schema = Sample()
    stamp = stale.stamp(schema, RECORD)
    assert stale.clash(schema, stamp, RECORD, {"kind": "P", "born": "1/1/2000", "note": "deux", "agreed": "1"}) is None
    assert stale.clash(schema, "", {**RECORD, "note": "x"}, {}) is None
    assert stale.clash(schema, "]pas du JSON", {**RECORD, "note": "x"}, {}) is None


def test_what_two_people_changed_is_shown_side_by_side() -> None:
    """Issue 3: theirs alone is taken over, mine alone stays, what both changed waits for me to choose."""
    schema = Sample()
    stamp = stale.stamp(schema, RECORD)
    now = {**RECORD, "born": date(1970, 1, 1), "note": "leur note", "agreed": False}
    typed = {"kind": "P", "born": "14/03/1968", "note": "ma note", "agreed": "1", "capital": "5"}
    found = stale.clash(schema, stamp, now, typed)
    assert found is not None
    assert [(one.name, one.theirs, one.mine, one.both) for one in found.differences] == [
        ("born", "01/01/1970", "14/03/1968", False), ("note", "leur note", "ma note", True), ("agreed", "Non", "Oui", False),
    ]  # fmt: skip
    assert (found.typed["born"], found.typed["note"], found.typed["capital"]) == ("01/01/1970", "ma note", "5")
    assert stale.clash(schema, stale.stamp(schema, now), now, found.typed) is None


def test_two_who_write_the_same_do_not_clash() -> None:
    """Nothing to choose between equals."""
    schema = Sample()
    stamp = stale.stamp(schema, RECORD)
    mine = {"kind": "P", "born": "14/03/1968", "note": "pareil", "agreed": "1"}
    assert stale.clash(schema, stamp, {**RECORD, "note": "pareil"}, mine) is None


def test_the_key_of_what_a_form_makes() -> None:
    """Double submit: ours is kept, anything else gets a new one."""
    mine = token()
    assert once(mine) == mine
    for forged in ("", "x", mine.upper(), mine + "0", "../" + mine[3:], "\x00" * 26):
        assert once(forged) != forged


class Entrance(forms.Form):
    """A name and a password."""

    name = fields.line("Nom", missing="Saisissez le nom.")
    secret = fields.password("Mot de passe", missing="Saisissez le mot de passe.")


def test_a_password_is_taken_to_the_letter_and_never_shown() -> None:
    """ASVS 6.2.8: blanks and odd signs are part of it; the form shown again holds nothing of it."""
    sent = {"name": " Anne  Keller ", "secret": "  deux  espaces\u202e "}
    found = forms.check(Entrance(), sent)
    assert found.values == {"name": "Anne Keller", "secret": sent["secret"]}
    assert forms.view(Entrance(), sent, {"secret": "Non."}).field("secret")["value"] is None
    assert forms.check(Entrance(), {"name": "A", "secret": ""}).errors == {"secret": "Saisissez le mot de passe."}


def test_the_summary_follows_the_page() -> None:
    """ux.md §2.11: whoever found the faults, in whatever order; what is about no field comes first."""
    wrong = {"secret": "Faux.", "": "Patientez.", "name": "Saisissez le nom."}
    assert [one["name"] for one in forms.view(Entrance(), {}, wrong).errors] == ["", "name", "secret"]
