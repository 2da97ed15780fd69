"""Reading a partner's list: strict on the whole, lenient on one item, never enabling by mistake (PLP §5)."""

from __future__ import annotations

from typing import Any

import pytest

from core.hooks.errors import ProtocolError
from core.hooks.types import AccountAction
from core.links import capabilities

SCOPES = frozenset({"capabilities", "launch:arbitrage", "launch:avance"})


def item(code: object = "arbitrage", **changes: object) -> dict[str, object]:
    return {"code": code, "label": "Arbitrage", "state": "allowed", **changes}


def read(*items: object, **changes: Any) -> tuple[AccountAction, ...]:
    answer = {"account_ref": "HIM0012345", "evaluated_at": "2026-11-22T09:30:00Z", "actions": list(items), **changes}
    return capabilities.read(answer, account_ref="HIM0012345", partner="Nominéo", scopes=SCOPES).actions


@pytest.mark.parametrize("ref", ["HIM 001 234-5", "him0012345", "HIM.001.2345"])
def test_the_partners_way_of_writing_a_number_is_the_same_number(ref: str) -> None:
    """domain.md §3.6 #21: blanks, dots, hyphens and case do not make another contract."""
    assert [act.key for act in read(item(), account_ref=ref)] == ["arbitrage"]


@pytest.mark.parametrize(
    "changes",
    [
        {"account_ref": "HIM0012346"}, {"account_ref": None}, {"account_ref": 12345}, {"actions": None}, {"actions": {}},
        {"actions": [item(), item()]}, {"actions": [item(f"a{n}") for n in range(101)]},
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_no_list_at_all(changes: dict[str, object]) -> None:
    """PLP-049, domain.md §3.6 #30: another contract, an act twice, no list, too many: never a half list."""
    with pytest.raises(ProtocolError):
        read(item(), **changes)


@pytest.mark.parametrize(
    "bad",
    [
        None, "x", [], item(None), item("Arbitrage"), item("a" * 61), item(7), item("b", label=""), item("b", label=3),
        {"code": "a"},
    ],
)  # fmt: skip
def test_a_malformed_item_is_dropped_alone(bad: object) -> None:
    """PLP-049: an item with a malformed code or no label is left out; the others stay, in the partner's order."""
    assert [act.key for act in read(item("avance"), bad, item())] == ["avance", "arbitrage"]


@pytest.mark.parametrize("state", ["denied", "unavailable", "ALLOWED", "yes", "", None, True, 1, ["allowed"]])
def test_nothing_but_the_word_allowed_enables(state: object) -> None:
    """PLP-045: any other value is «denied»; only `unavailable` offers a retry."""
    (act,) = read(item(state=state))
    assert (act.enabled, act.retry) == (False, state == "unavailable")


@pytest.mark.parametrize(
    "reason", [None, {}, "occupé", {"code": "made_up"}, {"code": None, "text": ""}, {"code": "deceased", "text": 7}, 3]
)
def test_a_greyed_act_always_says_why_and_what_would_open_it(reason: object) -> None:
    """NX-03, PLP-046, PLP-047: the partner's words first; where it gives none, ours: never a bare grey."""
    (act,) = read(item(state="denied", reason=reason))
    assert act.reason
    assert act.remedy
    (worded,) = read(item(state="denied", reason={"code": "contract_pledged", "text": "Contrat nanti."}))
    assert (worded.reason, worded.remedy) == ("Contrat nanti.", capabilities.REMEDIES["contract_pledged"])


def test_an_act_outside_the_mandate_is_greyed_whatever_the_partner_says() -> None:
    """PLP-040: `act_not_mandated`, with who can extend the mandate."""
    (act,) = read(item("rachat_total"))
    assert (act.enabled, act.reason_code) == (False, "act_not_mandated")
    assert "administrateur" in str(act.remedy)
