"""The cabinet of the session as it says who it is: for what modules print in its name. Since 1.0."""

from __future__ import annotations

from dataclasses import dataclass

from core.cabinets import services
from core.db.session import TenantSession

__all__ = ["Identity", "identity"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What Services > Cabinet holds; «» for what nobody typed."""

    name: str  #: its name
    siren: str  #: nine digits
    orias: str  #: its number in the intermediaries' register
    address: str  #: on one line


def identity(session: TenantSession) -> Identity:
    """That of the session's cabinet."""
    row = services.cabinet_of(session)
    return Identity(row.name, row.siren or "", row.orias or "", row.address or "")
