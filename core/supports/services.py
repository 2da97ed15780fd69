"""Companies, products, supports: the cabinet's own rows, made on first use; and prices (architecture.md §3)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from stdnum import isin as isin_number

from core.cabinets import audit
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.supports import search as support_search
from core.supports.labels import ASSET_CLASSES
from core.supports.labels import SFDR_LABELS
from core.supports.labels import SRI_LABELS
from core.supports.labels import TYPE_LABELS
from core.supports.labels import ZONES
from core.supports.lists import COSTS
from core.supports.lists import SORTS
from core.supports.lists import Facet
from core.supports.lists import Facets
from core.supports.lists import SupportCard
from core.supports.lists import SupportFilter
from core.supports.lists import SupportLine
from core.supports.lists import card
from core.supports.lists import facets
from core.supports.lists import found
from core.supports.lists import listed
from core.supports.models import SUPPORT_TYPES
from core.supports.models import CatalogueCompany
from core.supports.models import CataloguePrice
from core.supports.models import CatalogueProduct
from core.supports.models import CatalogueSupport
from core.supports.models import Company
from core.supports.models import Product
from core.supports.models import Support
from core.supports.models import SupportPrice
from core.supports.prices import Price
from core.supports.prices import prices
from core.supports.prices import thinned
from core.supports.search import isin_fault

__all__ = [
    "ASSET_CLASSES", "COSTS", "SFDR_LABELS", "SORTS", "SRI_LABELS", "TYPE_LABELS", "ZONES", "Facet", "Facets", "Price",
    "SupportCard", "SupportFilter", "SupportLine", "card", "company_for", "facets", "found", "isin_fault", "latest_price",
    "listed", "price", "prices", "product_for", "set_price", "support_for", "thinned",
]  # fmt: skip


def company_for(session: TenantSession, code: str, *, name: str | None = None, actor: str = "system") -> str:
    """The id of the cabinet's company of this code, made from the catalogue or by hand on first use.

    Raises `NotFound` where neither the catalogue knows it nor a name is given, `Conflict` where another company
    of the cabinet bears that name.
    """
    found = session.scalar(select(Company.id).where(Company.code == code))
    if found is not None:
        return found
    known = session.scalar(select(CatalogueCompany).where(CatalogueCompany.code == code))
    label = name or (known.name if known else None)
    if not label:
        raise NotFound(f"La compagnie «{code}» n'est pas au catalogue : indiquez son nom.")
    if session.scalar(select(Company.id).where(Company.name == label)):
        raise Conflict(f"Votre cabinet a déjà une compagnie nommée «{label}», sous un autre code.")
    row = Company(code=code, name=label, catalogue_id=known.id if known else None)
    session.add(row)
    session.flush()
    audit.record(session, actor, "company.added", f"company:{row.id}", {"code": code, "name": label})
    return row.id


def product_for(
    session: TenantSession, company_id: str, name: str, *, envelope: str | None = None, actor: str = "system"
) -> str:
    """The id of the cabinet's product of this name at one of its companies, made on first use.

    Raises `NotFound` for an unknown company, or a product that the catalogue lacks and whose envelope is not given.
    """
    found = session.scalar(select(Product.id).where(Product.company_id == company_id, Product.name == name))
    if found is not None:
        return found
    code = session.scalar(select(Company.code).where(Company.id == company_id))
    if code is None:
        raise NotFound("Cette compagnie n'existe pas dans votre cabinet.")
    known = session.scalar(
        select(CatalogueProduct).where(CatalogueProduct.company_code == code, CatalogueProduct.name == name)
    )
    kind = envelope or (known.envelope if known else None)
    if kind is None:
        raise NotFound(f"Le produit «{name}» n'est pas au catalogue : indiquez son enveloppe.")
    row = Product(
        company_id=company_id, name=name, envelope=kind, catalogue_id=known.id if known else None,
        range_name=known.range_name if known else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, actor, "product.added", f"product:{row.id}", {"company": company_id, "name": name})
    return row.id


def support_for(
    session: TenantSession, *, isin: str | None = None, code: str | None = None, label: str | None = None,
    type: str | None = None, currency: str = "EUR", actor: str = "system",  # noqa: A002 (the model's own word)
    support_id: str | None = None,
) -> str:  # fmt: skip
    """The id of the cabinet's support of this ISIN or code, made from the catalogue or by hand on first use.

    `support_id`: what a new one is to be called, where a form has chosen. Raises `DomainError` for a wrong ISIN (12 characters,
    check digit), `NotFound` where the catalogue lacks it and label or type are not given.
    """
    isin = isin.replace(" ", "").upper() if isin else None
    if isin and not isin_number.is_valid(isin):
        raise DomainError(f"Le code ISIN {isin} n'est pas valable : 12 caractères, dont une clé. Vérifiez la saisie.")
    if not isin and not code:
        raise DomainError("Un support se désigne par son code ISIN ou par un code interne.")
    found = session.scalar(select(Support.id).where(Support.isin == isin if isin else Support.code == code))
    if found is not None:
        return found
    same = CatalogueSupport.isin == isin if isin else CatalogueSupport.code == code
    known = session.scalar(select(CatalogueSupport).where(same))
    row = _from_catalogue(known) if known else _by_hand(isin, code, label, type, currency)
    if support_id:
        row.id = support_id
    session.add(row)
    session.flush()
    support_search.keep(session, row)
    payload = {"isin": row.isin, "code": row.code, "label": row.label}
    audit.record(session, actor, "support.added", f"support:{row.id}", payload)
    return row.id


def price(session: TenantSession, support_id: str, on: date) -> Price | None:
    """The price of that very day: the cabinet's own first, else the catalogue's; None where nobody has one."""
    return _price(session, support_id, on, exact=True)


def latest_price(session: TenantSession, support_id: str, on: date) -> Price | None:
    """The last price known up to a day; of one day's two, the cabinet's own."""
    return _price(session, support_id, on, exact=False)


def set_price(
    session: TenantSession, support_id: str, on: date, value: Decimal, *, source: str, actor: str
) -> None:
    """Note the cabinet's own price of a day. Raises `NotFound`, `DomainError` for a negative one."""
    if value < 0:
        raise DomainError("Un cours n'est pas négatif.")
    if session.scalar(select(Support.id).where(Support.id == support_id)) is None:
        raise NotFound("Ce support n'existe pas dans votre cabinet.")
    row = session.scalar(select(SupportPrice).where(SupportPrice.support_id == support_id, SupportPrice.on == on))
    before = None if row is None else str(row.price)
    if row is None:
        session.add(SupportPrice(support_id=support_id, on=on, price=value, source=source))
    else:
        row.price, row.source = value, source
    session.flush()
    payload = {"on": on.isoformat(), "before": before, "after": str(value), "source": source}
    audit.record(session, actor, "support.priced", f"support:{support_id}", payload)


def _price(session: TenantSession, support_id: str, on: date, *, exact: bool) -> Price | None:
    own = select(SupportPrice).where(
        SupportPrice.support_id == support_id, SupportPrice.on == on if exact else SupportPrice.on <= on
    )
    mine = session.scalar(own.order_by(SupportPrice.on.desc()).limit(1))
    catalogue_id = session.scalar(select(Support.catalogue_id).where(Support.id == support_id))
    shared = None
    if catalogue_id is not None:
        days = CataloguePrice.on == on if exact else CataloguePrice.on <= on
        listed = select(CataloguePrice).where(CataloguePrice.support_id == catalogue_id, days)
        shared = session.scalar(listed.order_by(CataloguePrice.on.desc()).limit(1))
    if mine is not None and (shared is None or mine.on >= shared.on):
        return Price(mine.price, mine.on, mine.source, "cabinet")
    return None if shared is None else Price(shared.price, shared.on, shared.source, "catalogue")


def _from_catalogue(known: CatalogueSupport) -> Support:
    return Support(
        catalogue_id=known.id, isin=known.isin, code=known.code, label=known.label, type=known.type,
        currency=known.currency, sri=known.sri, sfdr=known.sfdr,
        asset_class=known.asset_class, zone=known.zone,
    )  # fmt: skip


def _by_hand(isin: str | None, code: str | None, label: str | None, kind: str | None, currency: str) -> Support:
    if not label or not kind:
        raise NotFound(f"Le support {isin or code} n'est pas au catalogue : indiquez son libellé et son type.")
    if kind not in SUPPORT_TYPES:
        raise DomainError(f"Type de support inconnu : {kind}.")
    return Support(isin=isin, code=code, label=label, type=kind, currency=currency)
