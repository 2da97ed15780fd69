"""Folding of what is typed and what is kept (RE-01 to RE-03)."""

from __future__ import annotations

import pytest

from core.search import words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12", words.of_phone("+33612440819")), ("+33 6 12", words.of_phone("06 12 44 08 19")),
        ("44 08 19", words.of_phone("+33612440819")), ("00 1234-5", words.of_number("12345")),
        ("HIM 001 234-5", words.of_number("HIM0012345")), ("12345", words.of_number("HIM0012345")),
        ("d-00412", words.of_number("D-00412")), ("j.durand@ex", words.of_email("J.Durand@example.org")),
    ],
)  # fmt: skip
def test_a_whole_finds_under_another_spelling(typed: str, kept: set[str]) -> None:
    """RE-01, RE-02: separators, leading zeros and prefixes of a country do not count."""
    assert any(word.startswith(whole) for whole in words.asked(typed).wholes for word in kept)


@pytest.mark.parametrize(("typed", "kept"), [("jerome", "Jérôme"), ("OEUVRE", "œuvre"), ("durand-dupont", "Durand Dupont")])
def test_accents_case_and_signs_do_not_count(typed: str, kept: str) -> None:
    """RE-01: the same words on both sides."""
    assert set(words.asked(typed).words) == words.of_names(kept)


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("durnad", "durand", True), ("durant", "durand", True), ("duran", "durand", True), ("durrand", "durand", True),
        ("durand", "durand", True), ("drnuad", "durand", False), ("martin", "durand", False), ("dur", "durand", False),
    ],
)  # fmt: skip
def test_one_fault(first: str, second: str, near: bool) -> None:
    """RE-01: one letter more, less, other, or two changed round; whatever the order of the two words."""
    assert words.one_fault(first, second) is near
    assert words.one_fault(second, first) is near
    if near:
        assert words.variants(first) & words.variants(second)


def test_nothing_is_asked_by_nothing() -> None:
    """Blanks, signs and emoji are no words; a query is cut."""
    for text in ("", "   ", "--", "%_", "👍"):
        asked = words.asked(text)
        assert not asked.wholes
        assert all(word.strip("_") == "" for word in asked.words)
    assert len(words.asked("a " * 500).words) == words.MOST
