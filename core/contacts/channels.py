"""The ways of reaching and paying a contact: addresses, telephones, e-mails, bank accounts (domain.md §2.1).

One of each kind is the primary one. `contact.email`, `phone` and `city` are copies of the primary ones, kept in step
here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.cabinets import audit
from core.cabinets import rights
from core.contacts import choices
from core.contacts import search as contact_search
from core.contacts.access import visible
from core.contacts.access import writer
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactBank
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.web import inputs

Row = ContactAddress | ContactPhone | ContactEmail | ContactBank
_ABSENT = "Ce contact n'existe pas, ou n'est pas ouvert à votre profil."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of channel: its table, the field that must be there, all its fields, its usages by code."""

    model: type[Any]
    needed: str
    names: tuple[str, ...]
    usages: Mapping[str, str]


KINDS: dict[str, Kind] = {
    "address": Kind(
        ContactAddress, "city", ("street", "extra", "postal_code", "city", "country"),
        {"DOMICILE": "Domicile", "CORRESPONDANCE": "Correspondance", "FISCALE": "Domicile fiscal", "SIEGE": "Siège social",
         "BUREAU": "Bureau", "SECONDAIRE": "Résidence secondaire"},
    ),
    "phone": Kind(
        ContactPhone, "number", ("number",),
        {"MOBILE": "Mobile", "DOMICILE": "Domicile", "BUREAU": "Bureau", "AUTRE": "Autre"},
    ),
    "email": Kind(ContactEmail, "email", ("email",), {"PERSONNEL": "Personnel", "BUREAU": "Bureau", "AUTRE": "Autre"}),
    "bank": Kind(
        ContactBank, "iban", ("iban", "bic", "holder"),
        {"COURANT": "Compte courant", "JOINT": "Compte joint", "PROFESSIONNEL": "Compte professionnel", "AUTRE": "Autre"},
    ),
}  # fmt: skip
_LENGTHS = {"street": 200, "extra": 200, "postal_code": 12, "city": 100, "holder": 120}
_READ: dict[str, tuple[Callable[[str], str], str]] = {
    "number": (inputs.phone, "Écrivez un numéro de téléphone, avec l'indicatif du pays hors de France."),
    "email": (inputs.email, "Écrivez une adresse e-mail complète."),
    "iban": (inputs.iban, "Vérifiez l'IBAN\u202f: sa clé ou sa longueur n'est pas bonne."),
    "bic": (inputs.bic, "Un BIC compte 8 ou 11 lettres et chiffres."),
}
_MISSING = {
    "city": "Saisissez la ville.", "number": "Saisissez le numéro.", "email": "Saisissez l'adresse.", "iban": "Saisissez l'IBAN.",
}  # fmt: skip
#: Kind → the contact's own column that repeats its primary one, and the field that it repeats.
_COPIES = {"address": ("city", "city"), "phone": ("phone", "number"), "email": ("email", "email")}


@dataclass(frozen=True, slots=True)
class Channel:
    """One address, number or account of a contact."""

    id: str
    kind: str
    usage: str
    is_primary: bool
    opt_in: bool
    values: Mapping[str, str | None]

    @property
    def usage_label(self) -> str:
        """«Domicile»."""
        return KINDS[self.kind].usages.get(self.usage, self.usage)

    @property
    def country_label(self) -> str:
        """The country of an address, where it is not France."""
        code = self.values.get("country") or "FR"
        return "" if code == "FR" else choices.countries().get(code, code)


def of_contact(session: TenantSession, adviser: Adviser, contact_id: str) -> dict[str, tuple[Channel, ...]]:
    """All channels by kind, the primary one first. Raises `NotFound`, also for a contact that the adviser may not see."""
    _contact(session, adviser, contact_id)
    return {kind: tuple(_item(kind, row) for row in _rows(session, kind, contact_id)) for kind in KINDS}


def get(session: TenantSession, adviser: Adviser, contact_id: str, kind: str, channel_id: str) -> Channel:
    """One channel. Raises `NotFound`."""
    _contact(session, adviser, contact_id)
    return _item(kind, _row(session, contact_id, kind, channel_id))


def add(
    session: TenantSession, by: Adviser | str, contact_id: str, kind: str, values: Mapping[str, Any], *,
    channel_id: str | None = None,
) -> str:  # fmt: skip
    """Add a channel; its id. The first of its kind is primary. One that bears `channel_id` already is left as it is.

    `values`: the fields of its kind, and `usage`, `is_primary`, `opt_in`. Raises `NotFound`, `DomainError`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    known = _kind(kind)
    if channel_id and session.scalar(select(known.model.id).where(known.model.id == channel_id)):
        return channel_id
    clean = _checked(kind, values)
    rows = _rows(session, kind, contact_id)
    row = known.model(contact_id=contact_id, **clean, **({"id": channel_id} if channel_id else {}))
    row.is_primary = bool(values.get("is_primary")) or not rows
    row.position = max((one.position for one in rows), default=-1) + 1
    if row.is_primary:
        _demote(session, rows)
    session.add(row)
    session.flush()
    _copy(session, contact, kind)
    audit.record(session, actor, "contact.channel_added", f"contact:{contact_id}", {"channel": kind, "after": _plain(kind, row)})
    return str(row.id)


def change(
    session: TenantSession, by: Adviser | str, contact_id: str, kind: str, channel_id: str, values: Mapping[str, Any]
) -> None:
    """Change a channel. Raises `NotFound`, `DomainError`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    row = _row(session, contact_id, kind, channel_id)
    before = _plain(kind, row)
    clean = _checked(kind, values)
    if values.get("is_primary") and not row.is_primary:
        _demote(session, _rows(session, kind, contact_id))
        row.is_primary = True
    for name, value in clean.items():
        setattr(row, name, value)
    session.flush()
    after = _plain(kind, row)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not changed:
        return
    _copy(session, contact, kind)
    payload = {
        "channel": kind, "name": after.get(_kind(kind).needed),
        "before": {name: before[name] for name in changed if name in before},
        "after": {name: after[name] for name in changed if name in after},
    }  # fmt: skip
    audit.record(session, actor, "contact.channel_changed", f"contact:{contact_id}", payload)


def remove(session: TenantSession, by: Adviser | str, contact_id: str, kind: str, channel_id: str) -> dict[str, Any]:
    """Take a channel away; the oldest of those left takes its rank. What `restore` needs. Raises `NotFound`, `Forbidden`."""
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    row = _row(session, contact_id, kind, channel_id)
    payload = {"channel": kind, "before": _plain(kind, row)}
    columns = ("id", "usage", "is_primary", "opt_in", "position", *_kind(kind).names)
    kept = {"created_at": row.created_at.isoformat(), **{name: getattr(row, name) for name in columns}}
    session.delete(row)
    session.flush()
    left = _rows(session, kind, contact_id)
    if left and not any(one.is_primary for one in left):
        left[0].is_primary = True
        session.flush()
    _copy(session, contact, kind)
    audit.record(session, actor, "contact.channel_removed", f"contact:{contact_id}", payload)
    return kept


def restore(session: TenantSession, by: Adviser | str, contact_id: str, kind: str, kept: Mapping[str, Any]) -> None:
    """Put back what `remove` took away, in its old rank. Raises `NotFound`, `Forbidden`, `Conflict` where it is back already."""
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    model = _kind(kind).model
    if session.scalar(select(model.id).where(model.id == kept["id"])):
        raise Conflict("Cette coordonnée est déjà de retour dans le dossier.")
    rows = _rows(session, kind, contact_id)
    row = model(contact_id=contact_id, **_folded({**kept, "created_at": datetime.fromisoformat(kept["created_at"])}))
    row.is_primary = bool(kept["is_primary"]) or not rows
    if row.is_primary:
        _demote(session, rows)
    session.add(row)
    session.flush()
    _copy(session, contact, kind)
    payload = {"channel": kind, "after": _plain(kind, row)}
    audit.record(session, actor, "contact.channel_restored", f"contact:{contact_id}", payload)


def reorder(session: TenantSession, by: Adviser | str, contact_id: str, kind: str, ids: Sequence[str]) -> list[str]:
    """Put a contact's channels of a kind in this order; the first is the primary one. The former order.

    Ids that are not theirs are left out, those that are missing come last. Raises `NotFound`, `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    contact = _writable(session, by, contact_id)
    rows = {row.id: row for row in _rows(session, kind, contact_id)}
    before = list(rows)
    after = [*(one for one in dict.fromkeys(ids) if one in rows), *(one for one in before if one not in ids)]
    if after == before:
        return before
    for place, one in enumerate(after):
        rows[one].position, rows[one].is_primary = place, place == 0
    session.flush()
    _copy(session, contact, kind)
    payload = {"channel": kind, "order": after, "former": before}
    audit.record(session, actor, "contact.channels_ordered", f"contact:{contact_id}", payload)
    return before


def keep_primary(session: TenantSession, contact: Contact, names: Iterable[str]) -> None:
    """The contact's own e-mail, telephone or city was written: so is its primary channel. The caller keeps the journal."""
    for kind, (column, field) in _COPIES.items():
        if column not in names:
            continue
        rows = _rows(session, kind, contact.id)
        primary, value = next((row for row in rows if row.is_primary), None), getattr(contact, column)
        if value is None:
            if primary is not None:
                session.delete(primary)
        elif primary is None:
            usage = next(iter(KINDS[kind].usages))
            session.add(KINDS[kind].model(contact_id=contact.id, usage=usage, is_primary=True, **_folded({field: value})))
        else:
            for name, plain in _folded({field: value}).items():
                setattr(primary, name, plain)
        session.flush()
        left = _rows(session, kind, contact.id)
        if left and not any(row.is_primary for row in left):
            left[0].is_primary = True
            session.flush()
            setattr(contact, column, getattr(left[0], field))
    session.flush()


def _checked(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    known = _kind(kind)
    if values.get("usage") not in known.usages:
        raise DomainError("Choisissez un usage de la liste.", field="usage")
    clean: dict[str, Any] = {"usage": values["usage"], "opt_in": bool(values.get("opt_in"))}
    for name in known.names:
        clean[name] = _value(name, values.get(name))
    if not clean[known.needed]:
        raise DomainError(_MISSING[known.needed], field=known.needed)
    if kind == "address":
        clean["country"] = clean["country"] or "FR"
        if clean["country"] not in choices.countries():
            raise DomainError("Choisissez un pays de la liste.", field="country")
        if clean["country"] == "FR" and clean["postal_code"] and not (
            len(clean["postal_code"]) == 5 and clean["postal_code"].isascii() and clean["postal_code"].isdigit()
        ):
            raise DomainError("Un code postal français compte 5 chiffres.", field="postal_code")
    return _folded(clean)


def _value(name: str, value: Any) -> str | None:
    try:
        plain = inputs.plain(str(value)) if value else ""
    except ValueError as error:
        raise DomainError("Ce texte contient un caractère invisible qui n'est pas accepté.", field=name) from error
    if not plain:
        return None
    if name in _READ:
        read, wrong = _READ[name]
        try:
            return read(plain)
        except ValueError as error:
            raise DomainError(wrong, field=name) from error
    if len(plain) > _LENGTHS.get(name, 200):
        raise DomainError(f"{_LENGTHS.get(name, 200)} caractères au plus.", field=name)
    return plain


def _folded(clean: dict[str, Any]) -> dict[str, Any]:
    return {**clean, "folded": str(clean["email"]).casefold()[:254]} if "email" in clean else clean


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise NotFound("Cette page n'existe pas, ou n'est pas ouverte à votre profil.")
    return KINDS[kind]


def _writable(session: TenantSession, by: Adviser | str, contact_id: str) -> Contact:
    found = _contact(session, by, contact_id)
    rights.require(session, by, "contact", contact_id, "contacts.edit")
    return found


def _contact(session: TenantSession, by: Adviser | str, contact_id: str) -> Contact:
    wanted = select(Contact).where(Contact.id == contact_id)
    found = session.scalar(wanted.where(visible(by, each=True)) if isinstance(by, Adviser) else wanted)
    if found is None:
        raise NotFound(_ABSENT)
    return found


def _row(session: TenantSession, contact_id: str, kind: str, channel_id: str) -> Any:
    model = _kind(kind).model
    found = session.scalar(select(model).where(model.id == channel_id, model.contact_id == contact_id))
    if found is None:
        raise NotFound("Cette coordonnée n'existe pas, ou n'existe plus.")
    return found


def _rows(session: TenantSession, kind: str, contact_id: str) -> list[Any]:
    model = _kind(kind).model
    wanted = select(model).where(model.contact_id == contact_id)
    return list(session.scalars(wanted.order_by(model.is_primary.desc(), model.position, model.created_at, model.id)))


def _demote(session: TenantSession, rows: Iterable[Any]) -> None:
    for row in rows:
        row.is_primary = False
    session.flush()


def _copy(session: TenantSession, contact: Contact, kind: str) -> None:
    if kind in _COPIES:
        column, field = _COPIES[kind]
        primary = next((row for row in _rows(session, kind, contact.id) if row.is_primary), None)
        setattr(contact, column, getattr(primary, field) if primary is not None else None)
        session.flush()
        contact_search.keep(session, contact)


def _item(kind: str, row: Any) -> Channel:
    values = {name: getattr(row, name) for name in KINDS[kind].names}
    return Channel(row.id, kind, row.usage, row.is_primary, row.opt_in, values)


def _plain(kind: str, row: Any) -> dict[str, Any]:
    """A channel as the journal keeps it. Of an IBAN the ends are enough to know which it was."""
    kept = {name: getattr(row, name) for name in ("usage", "is_primary", "opt_in", *KINDS[kind].names)}
    if kept.get("iban"):
        kept["iban"] = f"{kept['iban'][:4]}…{kept['iban'][-4:]}"
    return {name: value for name, value in kept.items() if value not in (None, "")}
