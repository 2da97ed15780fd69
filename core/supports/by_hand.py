"""Supports made and corrected by a person of the cabinet; prices that he types (OU-09, ADR 030).

What a person says stands before what files and the catalogue say, which is kept beside and comes back when it is withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports import fact_keys
from core.supports import facts
from core.supports import search as support_search
from core.supports import services
from core.supports.fact_keys import KEYS
from core.supports.fact_models import SupportFact
from core.supports.facts import Told
from core.supports.models import CatalogueSupport
from core.supports.models import Support
from core.supports.models import SupportPrice

EDIT = "accounts.edit"
#: Who said a price that was typed; feeds and files say another name.
SOURCE = "Saisie"
_EARLIEST = date(1950, 1, 1)
_DIGITS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Cause:
    """Where a person has what he says from, and as of when."""

    source: str = ""
    on: date | None = None


def known(session: TenantSession, text: str) -> str | None:
    """The id of the cabinet's support of this ISIN or code; None for none. The cabinet's row alone, not the catalogue's."""
    code = text.replace(" ", "").upper()
    wanted = select(Support.id).where((Support.isin == code) | (Support.code == text.strip()))
    return session.scalar(wanted.order_by(Support.id).limit(1))


def in_catalogue(session: TenantSession, isin: str) -> dict[str, str]:
    """Key → what the catalogue says of an ISIN that the cabinet does not have yet; empty where it says nothing."""
    row = session.scalar(select(CatalogueSupport).where(CatalogueSupport.isin == isin.replace(" ", "").upper()))
    return {} if row is None else {
        code: value for code, key in KEYS.items() if (value := facts.column(key, row))
    }  # fmt: skip


def add(
    session: TenantSession, by: Adviser | str, values: Mapping[str, Any], cause: Cause, *, isin: str | None = None,
    code: str | None = None, support_id: str | None = None,
) -> str:  # fmt: skip
    """Make a support; its id. One that the catalogue knows is its own, with what the person says otherwise as corrections.

    `support_id`: the form's key, so that a second arrival finds what the first made. Raises `Conflict` where the cabinet
    has the ISIN or the code already, `DomainError` with the field, `Forbidden`.
    """
    actor, name = writer(by)
    if support_id and session.scalar(select(Support.id).where(Support.id == support_id)):
        return support_id
    isin = isin.replace(" ", "").upper() if isin else None
    if not isin and not code:
        raise DomainError("Donnez le code ISIN ou, s'il n'en a pas, un code interne.", field="isin")
    if isin and session.scalar(select(Support.id).where(Support.isin == isin)):
        raise Conflict(f"Votre cabinet a déjà un support de code {isin}\u202f: ouvrez-le.", field="isin")
    if code and session.scalar(select(Support.id).where(Support.code == code)):
        text = f"Votre cabinet a déjà un support de code {code}\u202f: ouvrez-le, ou choisissez un autre code."
        raise Conflict(text, field="code")
    written = {key: fact_keys.written(key, values.get(key)) for key in KEYS if key in values or KEYS[key].needed}
    said = {key: value for key, value in written.items() if value}  # what is left empty is left to the catalogue
    _check(cause)
    made = services.support_for(
        session, isin=isin, code=code, label=said["label"], type=said["type"], currency=said["currency"], actor=actor,
        support_id=support_id,
    )  # fmt: skip
    row = _row(session, made)
    if code and not row.code:
        row.code = code
        session.flush()
        support_search.keep(session, row)
    _say(session, row, said, cause, name, new=row.catalogue_id is None)
    return made


def change(
    session: TenantSession, by: Adviser | str, support_id: str, values: Mapping[str, Any], cause: Cause
) -> dict[str, tuple[str, str]]:  # fmt: skip
    """Say otherwise of a support: what differs from what stands is kept as the person's word; key → before, after.

    Raises `NotFound`, `DomainError` with the field, `Forbidden`.
    """
    actor, name = writer(by)
    row = _row(session, support_id)
    said = {key: fact_keys.written(key, value) for key, value in values.items() if key in KEYS}
    _check(cause)
    changed = _say(session, row, said, cause, name)
    if changed:
        payload = {way: {key: one[at] for key, one in changed.items()} for at, way in enumerate(("before", "after"))}
        audit.record(session, actor, "support.changed", f"support:{support_id}", {**payload, "source": cause.source})
    return changed


def withdraw(session: TenantSession, by: Adviser | str, support_id: str, code: str) -> Told:
    """Take back a person's word on one thing: what it stood before stands again; the word. Raises `NotFound`, `DomainError`."""
    actor, _name = writer(by)
    row = _row(session, support_id)
    there = facts.of_row(session, row).get(code)
    if there is None or there.told.origin != "SAISIE":
        raise NotFound("Cette valeur n'a pas été saisie ici, ou ne l'est plus.")
    after = there.beneath[0].value if there.beneath else ""
    if not after and there.key.needed:
        raise DomainError(f"«\u202f{there.key.label}\u202f» ne peut pas rester vide\u202f: changez sa valeur.", field=code)
    own = session.scalar(word(row.id, code, "SAISIE"))
    session.delete(own)
    session.flush()
    stand(session, row, code, after)
    payload = {"field": code, "before": there.told.value, "after": after}
    audit.record(session, actor, "support.released", f"support:{support_id}", payload)
    return there.told


def put_back(session: TenantSession, by: Adviser | str, support_id: str, code: str, told: Told) -> None:
    """Reverse of `withdraw`, unless somebody has said otherwise since. Raises `Conflict`, `NotFound`, `Forbidden`."""
    actor, _name = writer(by)
    row = _row(session, support_id)
    if session.scalar(word(support_id, code, "SAISIE")) is not None:
        raise Conflict("Cette valeur a été saisie à nouveau depuis\u202f: elle reste.")
    session.add(SupportFact(
        support_id=support_id, key=code, origin="SAISIE", value=told.value, source=told.source, on=told.on,
        said_by=told.said_by, said_at=told.said_at or now(),
    ))  # fmt: skip
    session.flush()
    stand(session, row, code, told.value)
    payload = {"after": {code: told.value}, "source": told.source}
    audit.record(session, actor, "support.changed", f"support:{support_id}", payload)


def put_price(
    session: TenantSession, by: Adviser | str, support_id: str, on: date, value: Decimal, source: str = "", *, said: str = ""
) -> None:  # fmt: skip
    """Note a price that a person reads somewhere; `said`: the source as it was kept, of one that comes back.

    Raises `DomainError` with the field, `NotFound`, `Conflict`, `Forbidden`."""
    actor, _name = writer(by)
    row = _row(session, support_id)
    if row.type == "FONDS_EURO":
        text = "Un fonds en euros n'a pas de cours\u202f: sa valeur est celle que communique la compagnie."
        raise DomainError(text, field="value")
    if value <= 0:
        raise DomainError("Un cours est supérieur à zéro\u202f: vérifiez-le.", field="value")
    if value >= 10**9:
        raise DomainError("Ce cours est trop grand\u202f: moins d'un milliard.", field="value")
    if value != value.quantize(_DIGITS):
        raise DomainError("Quatre décimales au plus pour un cours.", field="value")
    if not _EARLIEST <= on <= today():
        raise DomainError("Ce jour n'est pas celui d'un cours\u202f: entre 1950 et aujourd'hui.", field="on")
    there = session.scalar(_price(support_id, on))
    if there is not None and not _typed(there.source):
        text = f"Un cours de ce jour vient déjà de «\u202f{there.source}\u202f»\u202f: il reste. Choisissez un autre jour."
        raise Conflict(text, field="on")
    said = said or (f"{SOURCE} ({source})"[:60] if source else SOURCE)
    services.set_price(session, support_id, on, value, source=said, actor=actor)


def remove_price(session: TenantSession, by: Adviser | str, support_id: str, on: date) -> tuple[Decimal, str]:
    """Take back a price that was typed; what it was, and its source. Raises `NotFound` for one that was not typed."""
    actor, _name = writer(by)
    _row(session, support_id)
    there = session.scalar(_price(support_id, on))
    if there is None or not _typed(there.source):
        raise NotFound("Ce cours n'existe plus, ou n'a pas été saisi ici.")
    gone = (there.price, there.source)
    session.delete(there)
    session.flush()
    payload = {"on": on.isoformat(), "before": str(gone[0])}
    audit.record(session, actor, "support.unpriced", f"support:{support_id}", payload)
    return gone


def price_on(session: TenantSession, support_id: str, on: date) -> services.Price | None:
    """What counts as the price of that very day."""
    return services.price(session, support_id, on)


def typed_prices(session: TenantSession, support_id: str, *, most: int = 20) -> list[services.Price]:
    """The last prices that were typed of a support, the newest first."""
    rows = session.scalars(
        select(SupportPrice).where(SupportPrice.support_id == support_id, SupportPrice.source.startswith(SOURCE, autoescape=True))
        .order_by(SupportPrice.on.desc()).limit(most)
    )  # fmt: skip
    return [services.Price(one.price, one.on, one.source, "cabinet") for one in rows if _typed(one.source)]


def managers(session: TenantSession) -> list[str]:
    """The companies that manage the cabinet's supports, as the catalogue and the cabinet call them."""
    name = func.coalesce(Support.manager, CatalogueSupport.manager)
    found = select(name).outerjoin(CatalogueSupport, CatalogueSupport.id == Support.catalogue_id).where(name.is_not(None))
    return sorted(set(session.scalars(found.distinct())), key=str.casefold)


def _say(
    session: TenantSession, row: Support, said: Mapping[str, str], cause: Cause, name: str, *, new: bool = False
) -> dict[str, tuple[str, str]]:  # fmt: skip
    there, changed = facts.of_row(session, row), {}
    for code, value in said.items():
        before = there[code].told.value if code in there else ""
        if value == before and not (new and value):
            continue
        if not new:
            keep(session, row, code, there.get(code))
        own = session.scalar(word(row.id, code, "SAISIE"))
        rest = others(there.get(code), "SAISIE") if not new else ()
        if (rest[0] if rest else "") == value:
            if own is not None:
                session.delete(own)  # nobody says otherwise any more
        elif own is None:
            session.add(SupportFact(
                support_id=row.id, key=code, origin="SAISIE", value=value, source=cause.source, on=cause.on, said_by=name,
            ))  # fmt: skip
        else:
            own.value, own.source, own.on, own.said_by, own.said_at = value, cause.source, cause.on, name, now()
        session.flush()
        stand(session, row, code, value)
        changed[code] = (before, value)
    return changed


def others(there: facts.Fact | None, origin: str) -> tuple[str, ...]:
    """What stands without the word of one origin, the strongest first."""
    return tuple(one.value for one in (there.told, *there.beneath) if one.origin != origin) if there else ()


def keep(session: TenantSession, row: Support, code: str, there: facts.Fact | None) -> None:
    """Keep what the row said by itself before somebody says otherwise: it comes back when that is withdrawn."""
    first = there is not None and there.told.origin == "DEPART" and there.told.source == facts.FIRST
    if first and there is not None and session.scalar(word(row.id, code, "DEPART")) is None:
        session.add(SupportFact(
            support_id=row.id, key=code, origin="DEPART", value=there.told.value, source=facts.FIRST, said_at=row.created_at,
        ))  # fmt: skip
        session.flush()


def stand(session: TenantSession, row: Support, code: str, value: str) -> None:
    """The row has what stands: lists and filters read it alone."""
    if not KEYS[code].column:
        return
    setattr(row, code, fact_keys.typed(code, value))
    if code == "label":
        session.flush()
        support_search.keep(session, row)



def _row(session: TenantSession, support_id: str) -> Support:
    row = session.scalar(select(Support).where(Support.id == support_id))
    if row is None:
        raise NotFound(facts.ABSENT)
    return row


def word(support_id: str, code: str, origin: str) -> Any:
    """The fact of one origin."""
    return select(SupportFact).where(
        SupportFact.support_id == support_id, SupportFact.key == code, SupportFact.origin == origin
    )


def _price(support_id: str, on: date) -> Any:
    return select(SupportPrice).where(SupportPrice.support_id == support_id, SupportPrice.on == on)


def _typed(source: str) -> bool:
    return source == SOURCE or source.startswith(f"{SOURCE} (")


def _check(cause: Cause) -> None:
    if len(cause.source) > 200:
        raise DomainError("Ce texte est trop long\u202f: 200 caractères au plus.", field="source")
    if cause.on is not None and not _EARLIEST <= cause.on <= today():
        raise DomainError("Une valeur n'est pas connue d'avance\u202f: la date va de 1950 à aujourd'hui.", field="as_of")


def writer(by: Adviser | str) -> tuple[str, str]:
    """The journal's actor, and who is named beside the value. Raises `Forbidden`."""
    if isinstance(by, str):
        return by, ""
    if not by.can(EDIT):
        raise Forbidden("Votre profil ne permet pas cette modification. Demandez ce droit à un administrateur du cabinet.")
    return by.user_id, by.name[:120]
