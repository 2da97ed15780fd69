"""Companies and supports as files name them: by name, code or ISIN, among the cabinet's own and the catalogue's (AC-02)."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy import select
from stdnum import isin as isin_number

from core.db.session import TenantSession
from core.search.words import fold
from core.supports.models import CatalogueCompany
from core.supports.models import CatalogueProduct
from core.supports.models import CatalogueSupport
from core.supports.models import Company
from core.supports.models import Product
from core.supports.models import Support
from core.supports.search import isin_fault
from core.supports.services import support_for


@dataclass(frozen=True, slots=True)
class NamedCompany:
    """A company that is known. `id`: of the cabinet's own row; None until its first use."""

    code: str
    name: str
    id: str | None


@dataclass(frozen=True, slots=True)
class NamedSupport:
    """A support that is known. Either of `isin` and `code` finds it again by `support_for`."""

    isin: str | None
    code: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Supports:
    """Those that a file names, by ISIN, by code, and by folded label where one alone bears it."""

    by_isin: Mapping[str, NamedSupport]
    by_code: Mapping[str, NamedSupport]
    by_label: Mapping[str, NamedSupport]


def isin_wrong(text: str) -> str | None:
    """What is wrong with what is told to be an ISIN; None for a valid one."""
    if isin_number.is_valid(text):
        return None
    return isin_fault(text) or "Un code ISIN compte 12 caractères, dont deux lettres de pays et une clé\u202f: vérifiez-le."


def folded(text: str) -> str:
    """A name as `companies` and `products` know it."""
    return fold(text)


def companies(session: TenantSession) -> dict[str, NamedCompany]:
    """Folded name or code → the company; the cabinet's own before the catalogue's."""
    found: dict[str, NamedCompany] = {}
    own = [NamedCompany(row.code, row.name, row.id) for row in session.execute(select(Company.id, Company.code, Company.name))]
    shared = session.execute(select(CatalogueCompany.code, CatalogueCompany.name))
    for one in (*own, *(NamedCompany(row.code, row.name, None) for row in shared)):
        for text in (one.name, one.code):
            found.setdefault(fold(text), one)
    return found


def products(session: TenantSession) -> dict[tuple[str, str], tuple[str, str]]:
    """(company's code, folded name) → the product's name and envelope, the cabinet's own before the catalogue's."""
    own = session.execute(
        select(Company.code, Product.name, Product.envelope).join(Company, Company.id == Product.company_id)
    ).all()  # fmt: skip
    shared = session.execute(select(CatalogueProduct.company_code, CatalogueProduct.name, CatalogueProduct.envelope)).all()
    return {(code, fold(name)): (name, envelope) for code, name, envelope in (*shared, *own)}


def supports(
    session: TenantSession, isins: Collection[str], codes: Collection[str], *, labels: bool = False
) -> Supports:  # fmt: skip
    """The supports of these ISINs and codes; with `labels`, all that have a label, for lines that give nothing else."""
    by_isin: dict[str, NamedSupport] = {}
    by_code: dict[str, NamedSupport] = {}
    named: dict[str, dict[tuple[str | None, str | None], NamedSupport]] = {}
    for model in (CatalogueSupport, Support):
        columns = select(model.isin, model.code, model.label)
        wanted = columns if labels else columns.where(or_(model.isin.in_(isins), model.code.in_(codes)))
        for row in session.execute(wanted) if labels or isins or codes else ():
            one = NamedSupport(row.isin, row.code, row.label)
            if row.isin:
                by_isin[row.isin] = one
            if row.code:
                by_code[row.code] = one
            if row.isin or row.code:
                named.setdefault(fold(row.label), {})[row.isin, row.code] = one
    by_label = {label: one for label, some in named.items() if len(some) == 1 for one in some.values()}
    return Supports(by_isin, by_code, by_label)


def of_ids(session: TenantSession, ids: Collection[str]) -> dict[str, NamedSupport]:
    """How the cabinet's supports of these ids are called elsewhere: what a file or a partner knows them by."""
    rows = session.execute(select(Support.id, Support.isin, Support.code, Support.label).where(Support.id.in_(ids)))
    return {row.id: NamedSupport(row.isin, row.code, row.label) for row in rows}


def support(session: TenantSession, text: str, actor: str) -> str | None:
    """The id of the cabinet's support that a person's text names (ISIN, code or label), made from the catalogue on first use;
    None for none."""
    code = text.replace(" ", "").upper()
    known = supports(session, [code], [text.strip(), code], labels=True)
    one = known.by_isin.get(code) or known.by_code.get(text.strip()) or known.by_code.get(code)
    one = one or known.by_label.get(folded(text))
    return support_for(session, isin=one.isin, code=one.code, actor=actor) if one else None
