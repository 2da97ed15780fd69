"""Finding the cabinet's supports by ISIN, code or label (RE-03)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from stdnum import isin as isin_number

from core.db.session import TenantSession
from core.search import index
from core.search import words
from core.search.find import Found
from core.search.find import find
from core.supports.models import Support

KIND = "support"


def of(row: Any) -> set[str]:
    """The words by which a support is found."""
    return words.of_names(row.label, row.code) | ({row.isin.lower()} if row.isin else set())


def keep(session: TenantSession, row: Support) -> None:
    """A support was made: so are its words."""
    index.put(session, KIND, row.id, of(row))


def rebuild(session: TenantSession) -> None:
    """The words of all of the cabinet's supports anew."""
    rows = session.execute(select(Support.id, Support.isin, Support.code, Support.label))
    index.rebuild(session, KIND, {row.id: of(row) for row in rows})


def found(session: TenantSession, text: str, *, limit: int) -> Found:
    """The ids of the supports that a query finds, best first."""
    return find(session, KIND, text, limit=limit)


def isin_fault(text: str) -> str | None:
    """What is wrong with what looks like an ISIN, which character says so; None for what does not look like one."""
    code = text.replace(" ", "").upper()
    looks = len(code) == 12 and code.isascii() and code.isalnum() and code[:2].isalpha()
    if not looks or sum(char.isdigit() for char in code) < 6:  # a name of twelve letters is no code
        return None
    if not code[11].isdigit():
        return f"Le dernier caractère d'un code ISIN est un chiffre\u202f: «{code[11]}» n'en est pas un."
    expected = isin_number.calc_check_digit(code[:11])
    if code[11] == expected:
        return None
    return f"La clé de ce code ISIN (12e caractère) devrait être {expected}, pas {code[11]} : vérifiez la saisie."
