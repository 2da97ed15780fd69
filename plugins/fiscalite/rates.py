"""Dated figures that the law sets and the engine is not asked for, each with its source. Social levies: `core.api.taxes`."""

from __future__ import annotations

from decimal import Decimal

#: The yearly ceiling of social security (PASS), in euros: orders of December before each year.
SOCIAL_CEILING: dict[int, Decimal] = {
    2021: Decimal(41136), 2022: Decimal(41136), 2023: Decimal(43992), 2024: Decimal(46368), 2025: Decimal(47100),
    2026: Decimal(48060),
}  # fmt: skip

#: The IFI is due above this, on what is owned on the first of January (since 2018).
IFI_THRESHOLD = Decimal(1_300_000)
IFI_SOURCE = "CGI, art. 964"
#: What is taken off the main home's value (since 2018).
MAIN_HOME = Decimal("0.30")
MAIN_HOME_SOURCE = "CGI, art. 973 I"
#: Net premiums up to which the gains of a contract of eight years are taxed at the lower rate.
PREMIUMS = Decimal(150_000)
PREMIUMS_SOURCE = "CGI, art. 200 A"

#: Years of income that can be declared; the newest first. The scale is the engine's: the page says of which year it is.
FIRST_YEAR = 2023
