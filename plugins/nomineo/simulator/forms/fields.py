"""Reading what a person typed. A wrong value leaves a message under the field's name and comes back as None."""

from __future__ import annotations

import re
from datetime import date
from datetime import timedelta

from .base import Typed

_NUMBER = re.compile(r"\d{1,12}([.,]\d{1,2})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def hundredths(text: str) -> int | None:
    """«12 000,00» → 1200000; None where it is no number."""
    squeezed = re.sub(r"\s", "", text)
    if not _NUMBER.fullmatch(squeezed):
        return None
    whole, _, rest = squeezed.replace(",", ".").partition(".")
    return int(whole) * 100 + int((rest + "00")[:2])


def amount(typed: Typed, name: str, errors: dict[str, str]) -> int | None:
    """A positive amount, cents."""
    found = hundredths(typed.get(name, ""))
    if not found:
        errors[name] = "Saisissez un montant, par exemple 1 500,00."
        return None
    return found


def share(typed: Typed, name: str, errors: dict[str, str]) -> int | None:
    """Hundredths of a unit, blank is 0; for one line of a table."""
    text = typed.get(name, "").strip()
    found = 0 if not text else hundredths(text)
    if found is None:
        errors[name] = "Saisissez un nombre, par exemple 60,00."
    return found


def iban(typed: Typed, name: str, errors: dict[str, str]) -> str | None:
    """ISO 13616, with its check digits; without spaces."""
    text = re.sub(r"\s", "", typed.get(name, "")).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text) or _mod97(text) != 1:
        errors[name] = "Cet IBAN n'est pas valide\u202f: vérifiez ses caractères."
        return None
    if text.startswith("FR") and len(text) != 27:
        errors[name] = "Un IBAN français compte 27 caractères."
        return None
    return text


def _mod97(text: str) -> int:
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97


def iban_shown(text: str) -> str:
    """Its country, its check digits and its end."""
    return f"{text[:4]} •••• {text[-4:]}"


def choice(typed: Typed, name: str, options: tuple[tuple[str, str], ...], errors: dict[str, str]) -> str | None:
    """One of the options; its label."""
    found = dict(options).get(typed.get(name, ""))
    if found is None:
        errors[name] = "Choisissez une réponse dans la liste."
    return found


def checked(typed: Typed, name: str, errors: dict[str, str], message: str) -> None:
    """A box that must be ticked."""
    if typed.get(name) != "yes":
        errors[name] = message


def coming_date(typed: Typed, name: str, today: date, errors: dict[str, str], *, notice_days: int) -> date | None:
    """A day within a year, `notice_days` ahead at least, the 28th of a month at most."""
    text = typed.get(name, "")
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    first = today + timedelta(days=notice_days)
    if found is None:
        errors[name] = "Saisissez une date."
    elif not first <= found <= today + timedelta(days=366):
        errors[name] = f"La date est possible à partir du {first:%d/%m/%Y} et dans l'année."
        return None
    elif found.day > 28:
        errors[name] = "Choisissez un jour du 1er au 28."
        return None
    return found


def text(typed: Typed, name: str, errors: dict[str, str], *, least: int, most: int) -> str | None:
    """Free text."""
    found = typed.get(name, "").strip()
    if not least <= len(found) <= most:
        errors[name] = f"Saisissez de {least} à {most:,} caractères.".replace(",", "\u202f")
        return None
    return found
