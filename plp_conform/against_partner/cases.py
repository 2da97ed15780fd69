"""A transaction that was launched, and its statuses as the partner tells them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.flow import Flow
from plp_conform.against_partner.flow import flow
from plp_conform.serving import Incoming
from plp_conform.trial import Trial

FINAL = ("validated", "rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class Case:
    """`move` has the partner change the status, and gives back what it told."""

    bench: Bench
    made: Flow
    trial: Trial

    @property
    def reference(self) -> str:
        """The platform's `transaction_ref`."""
        return str(self.made.transaction_ref)

    def set(self, status: str, **more: Any) -> None:
        """Have the partner change it."""
        self.bench.do("status", ref=self.reference, status=status, **more)

    def hooks(self, count: int, seconds: float | None = None) -> list[Incoming]:
        """Its hooks so far, each attempt, once there are so many."""
        platform, name = self.made.platform, self.reference.encode()
        return platform.server.wait(
            lambda one: platform.is_hook(one) and name in one.body, count, self.bench.patience if seconds is None else seconds
        )

    def move(self, status: str, count: int, **more: Any) -> dict[str, Any]:
        """Change it; the event of the hook number `count`."""
        self.set(status, **more)
        came = self.hooks(count)
        self.trial.due(
            len(came) >= count, sent=f"statut {status}", came=f"{len(came)} notification", due=f"notification n° {count}"
        )
        event: dict[str, Any] = wire.parse(came[count - 1].body)
        self.trial.shape("TransactionEvent", event, sent=came[count - 1].told, what="notification")
        return event


@contextmanager
def case(bench: Bench, trial: Trial, **changes: Any) -> Iterator[Case]:
    """A case that is over afterwards: while it is pending, no act of its nature is open on the account (PLP-051)."""
    made = Case(bench, flow(bench, ref=bench.book("other_account"), **changes), trial)
    made.made.open(trial)
    try:
        yield made
    finally:
        came = made.hooks(0)
        last = wire.parse(came[-1].body)["data"]["status"] if came else None
        if last is not None and last not in FINAL:
            made.set("cancelled")
