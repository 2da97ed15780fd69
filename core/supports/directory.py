"""What the cabinet places and through whom, by kind and id: supports, products, and the companies that carry, keep or
distribute them (OU-03, OU-07). Whoever sees accounts sees them: they hang on no client."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from core.cabinets import rights
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports.models import Company
from core.supports.models import Product
from core.supports.models import Support

#: Kind → as people call one of them.
KINDS = {"company": "Compagnie", "product": "Produit", "support": "Support"}
VIEW = "accounts.view"
for _kind in KINDS:
    rights.register(_kind, VIEW)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of them. `detail`: the ISIN or code of a support, the company of a product."""

    kind: str
    id: str
    name: str
    detail: str = ""


def get(session: TenantSession, by: Adviser, kind: str, ref: str) -> Entry:
    """One of them. Raises `NotFound`, also for a kind that is none and for whom may see none."""
    found = named(session, by, [(kind, ref)]).get((kind, ref))
    if found is None:
        raise NotFound("Ce support, ce produit ou cette compagnie n'existe pas dans votre cabinet.")
    return found


def named(session: TenantSession, by: Adviser, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Entry]:
    """Kind and id → the entry, for those that `by` sees; what is none of them is left out. A query a kind at most."""
    if rights.scope(by, VIEW) is None:
        return {}
    ids = {kind: sorted(ref for one, ref in set(keys) if one == kind) for kind in KINDS}
    found: list[Entry] = []
    if ids["company"]:
        rows = session.execute(select(Company.id, Company.name).where(Company.id.in_(ids["company"])))
        found += [Entry("company", row.id, row.name) for row in rows]
    if ids["product"]:
        sold = select(Product.id, Product.name, Company.name.label("company")).join(Company, Company.id == Product.company_id)
        sales = session.execute(sold.where(Product.id.in_(ids["product"])))
        found += [Entry("product", row.id, row.name, row.company) for row in sales]
    if ids["support"]:
        wanted = select(Support.id, Support.label, Support.isin, Support.code)
        held = session.execute(wanted.where(Support.id.in_(ids["support"])))
        found += [Entry("support", row.id, row.label, row.isin or row.code or "") for row in held]
    return {(one.kind, one.id): one for one in found}
