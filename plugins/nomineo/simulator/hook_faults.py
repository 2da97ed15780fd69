"""How planned faults spoil the sending of hooks (Annex B)."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from . import faults
from . import outbox
from . import signing
from . import wire
from .acts import FINAL
from .acts import STATUS_LABELS
from .db import Connection
from .db import Row
from .registrations import Registration

_SKEW_S = -600.0
_LATER_S = 2.0


@dataclass(frozen=True, slots=True)
class Hook:
    """One row of the outbox. `extra`: it is itself a fault, and is sent as it stands."""

    id: int
    webhook_id: str
    iss: str
    subject: str
    type: str
    seq: int | None
    status: str | None
    interaction_id: str
    body: bytes
    attempts: int
    extra: str | None


def read(row: Row) -> Hook:
    """A row of the table."""
    return Hook(
        row["id"], row["webhook_id"], row["iss"], row["subject"], row["type"], row["seq"], row["status"],
        row["interaction_id"], row["body"], row["attempts"], row["extra"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What becomes of this attempt: not sent now, or with a wrong time."""

    withheld: bool = False
    skew_s: float = 0.0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A further sending."""

    headers: Mapping[str, str]
    body: bytes
    note: str


def before(connection: Connection, hook: Hook, now: float) -> Spoilt:
    """Uses a fault that acts on the sending itself."""
    if hook.extra is not None or not faults.planned(connection, "hooks"):
        return Spoilt()
    if faults.take(connection, "hooks", "drop"):
        connection.execute("UPDATE hooks SET state = 'dropped' WHERE id = ?", (hook.id,))
        return Spoilt(withheld=True)
    for kind in ("delay", "reorder"):  # reordered: what comes after it goes out first
        fault = faults.take(connection, "hooks", kind)
        if fault is not None:
            until = now + (fault.value or _LATER_S)
            connection.execute("UPDATE hooks SET next_at = ? WHERE id = ?", (until, hook.id))
            return Spoilt(withheld=True)
    fault = faults.take(connection, "hooks", "skew")
    if fault is not None:
        return Spoilt(skew_s=fault.value or _SKEW_S, note="skew")
    return Spoilt()


def after(
    connection: Connection, hook: Hook, headers: Mapping[str, str], registration: Registration, now: float
) -> list[Copy]:
    """Uses the faults that follow a hook which was taken; new ones go into the outbox, copies come back."""
    if hook.extra is not None or not faults.planned(connection, "hooks"):
        return []
    copies: list[Copy] = []
    if fault := faults.take(connection, "hooks", "duplicate"):
        anew = signing.headers(registration.secrets, hook.webhook_id, int(now), hook.body, hook.interaction_id)
        copies += [Copy(anew, hook.body, "duplicate")] * int(fault.value or 1)
    if faults.take(connection, "hooks", "replay"):
        copies.append(Copy(headers, hook.body, "replay"))
    if hook.type.startswith("transaction."):
        if faults.take(connection, "hooks", "forge"):
            copies.append(_forged(hook, headers))
        if faults.take(connection, "hooks", "seq_conflict"):
            _contradict(connection, hook, now, "seq_conflict", later=0)
        if hook.status in FINAL and faults.take(connection, "hooks", "contradictory_final"):
            _contradict(connection, hook, now, "contradictory_final", later=1)
    return copies


def _other_final(status: object) -> str:
    return "rejected" if status == "validated" else "validated"


def _forged(hook: Hook, headers: Mapping[str, str]) -> Copy:
    """Another status, another id, a signature by nobody."""
    document = json.loads(hook.body)
    status = _other_final(hook.status)
    document["data"] |= {"status": status, "status_label": STATUS_LABELS[status], "seq": (hook.seq or 0) + 1}
    signed = f"v1,{b64encode(secrets.token_bytes(32)).decode()}"
    return Copy(
        {**headers, "webhook-id": wire.new_id("msg"), "webhook-signature": signed},
        wire.dump(document).encode(),
        "forge",
    )


def _contradict(connection: Connection, hook: Hook, now: float, name: str, *, later: int) -> None:
    """A truly signed hook that says otherwise; it is in no feed."""
    data = json.loads(hook.body)["data"]
    status = _other_final(hook.status)
    data |= {
        "status": status, "status_label": STATUS_LABELS[status], "seq": data["seq"] + later, "corrects": None,
        "previous": hook.status if later else data["previous"],
    }  # fmt: skip
    outbox.queue(
        connection, iss=hook.iss, subject=hook.subject, kind="transaction.status_changed", data=data, now=now,
        seq=data["seq"], status=status, interaction_id=hook.interaction_id, extra=name,
    )  # fmt: skip
