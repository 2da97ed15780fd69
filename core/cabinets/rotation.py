"""A new installation key goes over all that a former one protects: data keys, on demand data, the journal's anchors (PLP-111).

Cabinet by cabinet, each in a transaction of its own: whatever stops it, the next run goes on where it stood, and a run over
what is done already changes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from sqlalchemy import select

from core.cabinets import anchors
from core.cabinets import audit
from core.cabinets import vault
from core.cabinets.models import Cabinet
from core.db.session import TenantSession
from core.extensions import db


@dataclass(frozen=True, slots=True)
class Survey:
    """How cabinets stand. `behind`: slug → the name of the installation key that still wraps its data key."""

    cabinets: int
    behind: dict[str, str]
    #: Cabinets whose data key was made under a former installation key.
    stale: tuple[str, ...]
    #: Cabinets whose journal has lines signed by a former key.
    unsigned: tuple[int, ...]
    #: What cannot be read here: slug → why, and what to do.
    faults: dict[str, str]

    @property
    def by_key(self) -> Counter[str]:
        """How many data keys each former installation key still wraps."""
        return Counter(self.behind.values())


@dataclass(slots=True)
class Done:
    """What a run did. `faults`: by cabinet, what it could not."""

    rewrapped: int = 0
    renewed: int = 0
    secrets: int = 0
    signed: int = 0
    faults: dict[str, str] = field(default_factory=dict)


def survey(folder: Path) -> Survey:
    """Look, and change nothing."""
    behind, stale, faults = dict[str, str](), list[str](), dict[str, str]()
    known = _cabinets()
    for number, slug, data_key in known:
        try:
            found = vault.described(data_key, number)
            if not found.current:
                vault.rewrapped(data_key, number)  # opened and thrown away: whether it could be done
                behind[slug] = vault.named(found.mark)
            if not found.fresh:
                stale.append(slug)
        except vault.VaultError as error:
            faults[slug] = str(error)
    return Survey(len(known), behind, tuple(stale), tuple(anchors.behind(folder)), faults)


def rotate(folder: Path, *, data: bool = False) -> Done:
    """Wrap every data key by the installation's key in force, sign every anchor by it; with `data`, give each cabinet whose
    data key was made under a former one a new data key, and encrypt its secrets anew."""
    done = Done()
    for number, slug, data_key in _cabinets():
        try:
            found = vault.described(data_key, number)
            if found.current and (found.fresh or not data):
                continue
            with db.session(number) as session:
                _go_over(session, done, data=data)
        except vault.VaultError as error:
            done.faults[slug] = str(error)
    for number in anchors.behind(folder):
        fault = anchors.sign_anew(folder, number)
        if fault is None:
            done.signed += 1
        else:
            done.faults[f"journal du cabinet n° {number}"] = fault
    return done


def _go_over(session: TenantSession, done: Done, *, data: bool) -> None:
    """One cabinet, read again under its lock: another run may have been quicker."""
    cabinet = session.get_one(Cabinet, session.require_cabinet(), with_for_update=True)
    known, count, renewed = vault.described(cabinet.data_key, cabinet.id), 0, False
    if data and not known.fresh:
        count, renewed = vault.renew(session), True
    elif known.current:
        return
    else:
        cabinet.data_key = vault.rewrapped(cabinet.data_key, cabinet.id)
    said = {"key": vault.key_ids()[0], "renewed": renewed, "count": count}
    audit.record(session, "cli", "vault.rotated", f"cabinet:{cabinet.id}", said)
    session.flush()
    done.rewrapped, done.renewed, done.secrets = done.rewrapped + (not renewed), done.renewed + renewed, done.secrets + count


def _cabinets() -> list[tuple[int, str, bytes]]:
    with db.session(None, write=False) as session:
        rows = session.execute(select(Cabinet.id, Cabinet.slug, Cabinet.data_key).order_by(Cabinet.id))
        return [(row.id, row.slug, row.data_key) for row in rows]
