"""Templates and their words, without database or request: what is read, what is refused, what is never executed (CO-01)."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from core.db.errors import DomainError
from plugins.conformite.papers import kinds
from plugins.conformite.papers import markup
from plugins.conformite.papers import sheet
from plugins.conformite.papers import templates
from plugins.conformite.papers import words
from plugins.conformite.papers.facts import Facts
from plugins.conformite.papers.facts import digest

#: SHA-256 of each file of the house: documents were made of it, so it never changes; a new text is a new version.
FILES = {
    "ADEQUATION-1": "317c6809ef1a1b883fa0775ab53795cd5d5c28fdd9e1e3e6a5ef431b59633094",
    "DER-1": "35de46241fc34a720c0622cca4bb7ee6c562a42be9ceaa414b97de9857a30ea3",
    "LETTRE_MISSION-1": "27ef3e8fde152418329e77c680eb4beab6d6bcd0f96bdf9ee9ba68cc34b110a9",
    "PROFIL-1": "939cb6e68f8d6f1303f61c964504b4d0356fd2f1da51434e1ae7f35541901101",
    "RECUEIL-1": "f06ec9f9f366c635024004c76d7bf064990858c1b1c5fcfa340dc061a277536a",
}  # fmt: skip


def test_a_published_template_never_changes() -> None:
    """CO-01, «a changed template leaves signed documents untouched»."""
    folder = Path(templates.__file__).parent / "texts"
    assert {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.json")} == FILES


def test_the_house_s_templates_are_whole() -> None:
    """CO-01: each of the five kinds has one, of known words only, with its sources and a place to sign."""
    for kind in kinds.KINDS:
        for one in templates.house(kind):
            templates.check(kind, one.title, one.text)
            assert one.sources, kind
            assert "tableau_signatures" in markup.used(one.text), kind
            typed = {ask.key for ask in kinds.KINDS[kind].asks}
            assert typed <= set(markup.used(one.text)), kind


def test_what_stands_in_braces_is_a_word_or_is_refused_with_its_line() -> None:
    """CO-01, «safe placeholders only»: an unknown word, a brace alone, a program, a table in a sentence; each says its line."""
    text = "Bonjour {client_nom}.\n\n{inconnu} et {{ 7 * 7 }}\n{tableau_identite}\nVoir {tableau_identite}\n{% set x %}"
    found = markup.faults(text, words.of_kind(kinds.DER))
    assert [one.line for one in found] == [3, 3, 5, 6]
    with pytest.raises(DomainError, match="Ligne 3") as error:
        templates.check(kinds.DER, "Titre", text)
    assert error.value.field == "text"
    # a word of another kind is none here
    assert markup.faults("{conseil}", words.of_kind(kinds.DER))
    assert not markup.faults("{conseil}", words.of_kind(kinds.ADVICE))


def test_blocks_are_read_in_their_order() -> None:
    """CO-01: sections, paragraphs over several lines, lists, tables, what is listed."""
    text = "## Un\nPremière ligne\nsuite\n\n- a\n- b\n| x | {client_nom} |\n| y | |\n{tableau_identite}\nFin"
    assert [(one.kind, one.lines) for one in markup.blocks(text)] == [
        ("section", ("Un",)), ("paragraph", ("Première ligne suite",)), ("items", ("a", "b")),
        ("table", ("x\t{client_nom}", "y\t")), ("listed", ("tableau_identite",)), ("paragraph", ("Fin",)),
    ]  # fmt: skip


def test_a_fact_is_never_read_again_nor_obeyed() -> None:
    """CO-01: braces and HTML in a client's name stay text; what is not known is said."""
    made = templates.Template(kinds.DER, "C1", "Titre", "Nom : {client_nom}\n\n{client_adresse}\n\n<b>gras</b>", date(2026, 1, 1))
    page = str(sheet.body(made, Facts({"client_nom": "{cabinet_nom}<script>alert(1)</script>\nligne"}, {})))
    assert "{cabinet_nom}&lt;script&gt;" in page
    assert "<script" not in page
    assert "<b>" not in page
    assert f"[{markup.ABSENT}]" in page
    assert "<br>" in page
    assert Facts({"client_nom": "x"}, {}).missing(made) == ("Adresse du client",)


def test_a_snapshot_says_what_is_printed_and_nothing_else() -> None:
    """CO-01: the same facts give the same hash; a fact that the template does not print changes nothing."""
    made = templates.Template(kinds.DER, "C1", "Titre", "Nom : {client_nom}", date(2026, 1, 1))
    one, same, other = (digest(Facts(facts, {}).snapshot(made)) for facts in (
        {"client_nom": "A", "cabinet_nom": "X"}, {"client_nom": "A", "cabinet_nom": "Y"}, {"client_nom": "B"},
    ))  # fmt: skip
    assert one == same != other


def test_a_preview_is_a_fictitious_client_s() -> None:
    """CO-01: every word of every kind has an example, so that a preview prints nothing «à compléter»."""
    for kind in kinds.KINDS:
        values, tables = words.examples(kind)
        found = templates.house(kind)[-1]
        assert Facts(values, tables).missing(found) == (), kind
        assert markup.ABSENT not in str(sheet.body(found, Facts(values, tables))), kind
