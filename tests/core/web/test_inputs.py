"""What people type, read alike by forms, services and imports (issue 3, «Bad input»)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.web import inputs


@pytest.mark.parametrize("written", ["14/03/1968", "1968-03-14", "14.3.1968", " 14 03 1968 "])
def test_a_date_is_read_as_the_french_write_it(written: str) -> None:
    """Issue 3, «Bad input»: day first, or ISO."""
    assert inputs.day(written) == date(1968, 3, 14)


@pytest.mark.parametrize(
    "written", ["14 mars 68", "14/03/68", "31/02/2020", "03-14-1968", "1968", "", "١٤/٠٣/١٩٦٨", "00/00/0000"]
)
def test_what_is_no_date_is_refused(written: str) -> None:
    """A century is never guessed, nor a month taken for a day."""
    with pytest.raises(ValueError, match=r"."):
        inputs.day(written)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 234,56", "1234.56"), ("1\u202f234,56\u00a0€", "1234.56"), ("1234.5", "1234.5"), ("−12", "-12"), ("0", "0"),
        ("1,230", "1.23"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_the_french_write_it(written: str, value: str) -> None:
    """Issue 3, «Bad input»: spaces of all kinds, comma or point, the euro sign, a true minus."""
    assert inputs.amount(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "mille", "1,234.56", "1e9", "NaN", "12,345", "1" * 40, "=1+1", "٣"])
def test_what_is_no_amount_is_refused(written: str) -> None:
    """More decimals than cents, thousands with commas, formulas."""
    with pytest.raises(ValueError, match=r"."):
        inputs.amount(written)


def test_telephones_become_international() -> None:
    """CT-01: one number is one text however it is typed; another country's with its prefix."""
    ways = ("06 12 44 08 19", "06.12.44.08.19", "+33 6 12 44 08 19", "0033612440819", "(06) 12-44-08-19")
    assert {inputs.phone(way) for way in ways} == {"+33612440819"}
    assert inputs.phone("+32 470 12 34 56") == "+32470123456"
    for wrong in ("", "12", "appeler le soir", "06 12 44 08", "+33 6 12 44 08 19 20 21", "0612440819\n<b>"):
        with pytest.raises(ValueError, match=r"."):
            inputs.phone(wrong)


def test_numbers_with_keys_are_checked() -> None:
    """Issue 3, «Bad input»: IBAN, BIC, SIREN, e-mail."""
    assert inputs.iban("fr76 3000 6000 0112 3456 7890 189") == "FR7630006000011234567890189"
    assert inputs.bic("agri frpp") == "AGRIFRPP"
    assert inputs.siren("732 829 320") == "732829320"
    assert inputs.email(" a@b.fr ") == "a@b.fr"
    wrong = (
        (inputs.iban, "FR76 3000 6000 0112 3456 7890 188"), (inputs.iban, "FR76"), (inputs.bic, "AGRI"),
        (inputs.siren, "732829321"), (inputs.email, "a@"), (inputs.email, "a b@c.fr"), (inputs.email, "a@b.fr\r\nBcc: c@d.fr"),
    )  # fmt: skip
    for read, text in wrong:
        with pytest.raises(ValueError, match=r"."):
            read(text)


def test_a_text_is_kept_as_it_is_but_for_what_cannot_be_seen() -> None:
    """HTML, emoji and formulas are text; NUL, escapes and marks that turn the reading order are not."""
    for kept in ("<b>Léa</b>", "Léa 🌷", "=1+1", "O'Brien; DROP TABLE"):
        assert inputs.plain(kept) == kept
    assert inputs.plain("  un \u00a0 deux\n") == "un deux"
    assert inputs.plain(" un  \r\n deux ", lines=True) == "un\n deux"
    for refused in ("a\x00b", "a\x1bb", "a\u202eb", "a\ud800"):
        with pytest.raises(ValueError, match=r"."):
            inputs.plain(refused)
