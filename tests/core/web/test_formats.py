"""How figures are written in French."""

from __future__ import annotations

import pytest

from core.web import formats


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+33639981475", "06 39 98 14 75"), ("+41791234567", "+41791234567"), ("06 39 98 14 75", "06 39 98 14 75"), (None, "—")],
)
def test_a_phone_number_is_read_as_french_people_say_it(stored: str | None, shown: str) -> None:
    """ux.md §3.2: a number of France by pairs, without its country; another as it is dialled."""
    assert formats.phone(stored) == shown
