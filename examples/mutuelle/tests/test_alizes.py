"""The link in a throwaway installation, with the mutual's own program beside it. Run where `encours-alizes` is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from office_alizes.book import BLACKLIST
from office_alizes.book import Book
from office_alizes.server import Office

from core.api import AuthFailed
from core.api import MandateMissing
from core.api import PartnerUnavailable
from core.api import Plugin
from core.api.types import AccountRef
from core.api.types import Attached
from core.api.types import FormStep
from core.api.types import Intent
from core.api.types import Ready
from core.api.types import Refused
from core.api.types import Submitted
from core.testing import Installation
from core.testing import conformance
from core.testing import installation

KEY = "cle-d-essai-des-alizes"
INTENT = Intent("jrn_essai", "txn_essai", "rachat_partiel", {"display": "Camille Essai"})
VALUES = {"amount": Decimal("1500.00"), "iban": "FR1420041010050500013M02606", "purpose": "projet", "detail": None}
PDF, PNG = b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n"


@contextmanager
def world() -> Iterator[tuple[Installation, AccountRef, Office]]:
    """The module on and set, one contract, the mutual that listens."""
    with installation("alizes") as encours, Office(Book(), KEY) as office:
        encours.configure("alizes", {"address": office.url, "key": KEY})
        yield encours, encours.account("ALZ00000001", company="mutuelle-des-alizes"), office


def documents(data: bytes = PDF) -> dict[str, Attached]:
    """Both pieces."""
    size, digest = len(data), "0" * 64
    return {slot: Attached(slot, f"{slot}.pdf", "application/pdf", size, digest, lambda: data) for slot in ("rib", "identite")}


def submit(encours: Installation, account: AccountRef, values: dict[str, Any], data: bytes = PDF) -> Submitted | Refused:
    """As the worker does."""
    return encours.hub.ask("alizes", Plugin.submit_transaction, encours.context(), account, INTENT, values, documents(data))


def raised(kind: type[Exception], call: Any, *args: Any) -> Exception:
    """The error word that a call raises."""
    try:
        call(*args)
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def test_it_conforms() -> None:
    """What `encours plugin check alizes` says: silver at least."""
    conformance.assert_sound("alizes")


def test_its_steps_follow_the_general_terms() -> None:
    """Two steps, then the recap; what the general terms forbid is said beside the field, before anything is sent."""
    with world() as (encours, account, office):
        ctx, ask = encours.context(), encours.hub.ask
        assert isinstance(ask("alizes", Plugin.start_transaction, ctx, account, INTENT), FormStep)

        def after(step: str, **typed: Any) -> Any:
            return ask("alizes", Plugin.continue_transaction, ctx, account, INTENT, step, {**VALUES, **typed}, {})

        assert after("montant", amount=Decimal("10")).errors.keys() == {"amount"}
        second = after("montant")
        assert [slot.key for slot in second.documents] == ["rib", "identite"]
        assert after("pieces", purpose="autre").errors.keys() == {"detail"}
        ready = after("pieces")
        assert isinstance(ready, Ready)
        assert ready.amount == Decimal("1500.00")
        assert office.asked == 0


def test_it_is_taken_once_and_refusals_name_their_field_and_errors_are_words() -> None:
    """The same key twice is one operation; a refusal makes none, and does not use the key up; faults are words in French."""
    with world() as (encours, account, office):
        wrong = submit(encours, account, {**VALUES, "iban": BLACKLIST[0]}, PNG)
        assert isinstance(wrong, Refused)
        assert wrong.errors.keys() == {"iban", "rib", "identite"}
        first, second = submit(encours, account, VALUES), submit(encours, account, VALUES)
        assert isinstance(first, Submitted)
        assert first == second
        assert len(office.book.operations) == 1
        encours.configure("alizes", {"address": office.url, "key": "une-autre"})
        assert raised(AuthFailed, submit, encours, account, VALUES)
        office.mood = "down"
        assert raised(PartnerUnavailable, submit, encours, account, VALUES)
        encours.enable("alizes", encours.elsewhere)
        with_no_key = encours.context(encours.elsewhere)
        assert raised(MandateMissing, encours.hub.ask, "alizes", Plugin.account_actions, with_no_key, account)
