"""What a cabinet wears: the theme it chose, its colours, its logos, the layout of its statements (PL-06)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from typing import Any
from typing import Literal

from sqlalchemy import delete
from sqlalchemy import select

from core.cabinets import audit
from core.cabinets.models import BrandLogo
from core.cabinets.models import Cabinet
from core.db.session import TenantSession

#: Which ground a logo is made for.
Shade = Literal["light", "dark"]
SHADES: tuple[Shade, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Worn:
    """`main`, `accent`: `#rrggbb`, or None for the theme's. A logo is its id, width and height in pixels.

    `layout`: «left» or «centre», None for the theme's; `foot` and `legal` stand at the foot of statements.
    """

    theme: str | None = None
    main: str | None = None
    accent: str | None = None
    light: tuple[str, int, int] | None = None
    dark: tuple[str, int, int] | None = None
    layout: str | None = None
    foot: str = ""
    legal: str = ""


NOTHING = Worn()
_NAMES = tuple(one.name for one in fields(Worn))


def worn(kept: Mapping[str, Any] | None) -> Worn:
    """What the column `cabinet.brand` says."""
    if not kept:
        return NOTHING
    known = {name: value for name, value in kept.items() if name in _NAMES}
    logos: dict[str, Any] = {shade: tuple(known[shade]) for shade in SHADES if known.get(shade)}
    return Worn(**{**known, **logos})


def of(session: TenantSession) -> Worn:
    """What the session's cabinet wears."""
    return worn(session.scalar(select(Cabinet.brand).where(Cabinet.id == session.require_cabinet())))


def change(session: TenantSession, actor: str, **changes: Any) -> Mapping[str, Any]:
    """Change some of it (the names of `Worn`); what they were before, empty where nothing changed."""
    cabinet = session.scalars(select(Cabinet).where(Cabinet.id == session.require_cabinet())).one()
    before = plain(worn(cabinet.brand))
    after = plain(worn({**before, **changes}))
    told = {name: before[name] for name in _NAMES if before[name] != after[name]}
    if not told:
        return {}
    cabinet.brand = after
    session.flush()
    said = {when: {name: _told(values[name]) for name in told} for when, values in (("before", before), ("after", after))}
    audit.record(session, actor, "cabinet.brand", f"cabinet:{cabinet.id}", said)
    return told


def keep_logo(
    session: TenantSession, actor: str, shade: Shade, *, paper: bytes, screen: bytes, size: tuple[int, int]
) -> Mapping[str, Any]:
    """Wear a logo (two pictures of our own making); what was worn before, as `change` gives it."""
    former = getattr(of(session), shade)
    row = BrandLogo(shade=shade, image=paper, screen=screen)
    session.add(row)
    session.flush()
    kept = [row.id, *([former[0]] if former else [])]
    session.execute(
        delete(BrandLogo).where(BrandLogo.shade == shade, BrandLogo.id.not_in(kept)).execution_options(synchronize_session=False)
    )
    return change(session, actor, **{shade: [row.id, *size]})


def logo(session: TenantSession, logo_id: str) -> bytes | None:
    """A logo of the session's cabinet, for paper."""
    return session.scalar(select(BrandLogo.image).where(BrandLogo.id == logo_id))


def screen_logo(session: TenantSession, logo_id: str) -> bytes | None:
    """The same for the screen."""
    return session.scalar(select(BrandLogo.screen).where(BrandLogo.id == logo_id))


def plain(one: Worn) -> dict[str, Any]:
    """As the column keeps it: lists for tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items()}


def _told(value: Any) -> Any:
    """As the journal says it: of a logo, which one."""
    return value[0] if isinstance(value, list) else value
