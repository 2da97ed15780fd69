"""`/p/patrimoine/loans`: loans, their schedules and what happens to them, for programs (AU-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import finance
from core.api.db import NotFound
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from plugins.patrimoine import loan_schemas as shapes
from plugins.patrimoine import loan_writes
from plugins.patrimoine import loans
from plugins.patrimoine.loan_terms import ZERO
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.loan_terms import Terms

READ, WRITE = "contacts:read", "contacts:write"
LOANS = Resource(
    "patrimoine_loans", _l("Prêts"), _l("Emprunts des contacts, au centime\u202f: échéanciers, événements."), plugin="patrimoine"
)
_BASE = "/p/patrimoine/loans"


@LOANS.get(_BASE, _l("Lister les prêts"), shapes.LoanOut, asks=shapes.LoanQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[dict[str, Any]]:
    """Those of whom the owner sees a borrower; or those of a contact."""
    if who := call.asked.get("contact"):
        contacts.get_contact(call.session, call.adviser, who)
        found = call.among(loans.of_contact(call.session, call.adviser, who), lambda one: one.id)
    else:
        after = call.after[0] if call.after else None
        found = call.page(loans.following(call.session, call.adviser, after, size=call.more), lambda one: (one.id,))
    return Slice(tuple(_told(one) for one in found.items), found.last)


@LOANS.post(
    _BASE, _l("Ajouter un prêt"), shapes.LoanOut, takes=shapes.LoanNew, status=201, scope=WRITE,
    about=_l("Les taux et les parts sont des proportions. Ce qui ne fait pas un prêt est refusé, champ par champ."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """As «Ajouter un prêt»."""
    given = dict(call.taken)
    people = _people(given.pop("borrowers"))
    made = loan_writes.create(call.session, call.adviser, Terms(**_read(given)), people, loan_id=call.once or None)
    return Reply(show(call, made), f"{_BASE}/{made}")


@LOANS.get(f"{_BASE}/{{loan_id}}", _l("Lire un prêt"), shapes.LoanOut, scope=READ)
def show(call: Call, loan_id: str) -> dict[str, Any]:
    """One."""
    return _told(_read_by(call, loan_id))


def _read_by(call: Call, loan_id: str) -> Loan:
    """A loan whose reading is noted in its borrowers' files, which the address does not name."""
    found = loans.get(call.session, call.adviser, loan_id)
    for one in found.borrowers:
        if one.visible:
            also_reads("contact", one.contact_id)
    return found


@LOANS.patch(
    f"{_BASE}/{{loan_id}}",
    _l("Modifier un prêt"),
    shapes.LoanOut,
    takes=shapes.LoanPatch,
    scope=WRITE,
    same="patrimoine_loans_show",
)
def change(call: Call, loan_id: str) -> dict[str, Any]:
    """What was sent, and nothing else."""
    found, given = loans.get(call.session, call.adviser, loan_id), dict(call.taken)
    people = _people(given.pop("borrowers")) if "borrowers" in given else list(found.borrowers)
    loan_writes.change(call.session, call.adviser, loan_id, replace(found.terms, **_read(given)), people)
    return show(call, loan_id)


@LOANS.get(f"{_BASE}/{{loan_id}}/schedule", _l("Lire l'échéancier d'un prêt"), shapes.ScheduleOut, scope=READ)
def schedule(call: Call, loan_id: str) -> dict[str, Any]:
    """All instalments; none for a kind of loan without."""
    found = _read_by(call, loan_id)
    lines = found.schedule()
    sums = finance.totals(lines, found.terms.fees)
    rate = finance.taeg(lines, found.terms.principal, every=found.terms.every, fees=found.terms.fees) if lines else None
    return {"items": lines, "interest": sums.interest, "insurance": sums.insurance, "cost": sums.cost, "taeg": rate}


@LOANS.post(
    f"{_BASE}/{{loan_id}}/close", _l("Clôturer un prêt"), shapes.LoanOut, takes=shapes.CloseIn, scope=WRITE
)  # fmt: skip
def close(call: Call, loan_id: str) -> dict[str, Any]:
    """It is over."""
    loan_writes.close(call.session, call.adviser, loan_id, call.taken["on"], call.taken["why"])
    return show(call, loan_id)


@LOANS.post(f"{_BASE}/{{loan_id}}/reopen", _l("Rouvrir un prêt"), shapes.LoanOut, scope=WRITE)
def reopen(call: Call, loan_id: str) -> dict[str, Any]:
    """It is not over after all."""
    loan_writes.reopen(call.session, call.adviser, loan_id)
    return show(call, loan_id)


@LOANS.post(
    f"{_BASE}/{{loan_id}}/events", _l("Noter un événement"), shapes.EventOut, takes=shapes.EventIn, status=201, scope=WRITE,
    about=_l("Remboursement anticipé, changement de taux, solde communiqué\u202f: l'échéancier en tient compte."),
)  # fmt: skip
def event_add(call: Call, loan_id: str) -> Reply:
    """An early repayment, a new rate, a balance."""
    given = Happened(**call.taken)
    if given.kind == "REMBOURSEMENT":
        given = replace(given, mode=given.mode or "DUREE", indemnity_kind=given.indemnity_kind or "AUCUNE")
    made = loan_writes.add_event(call.session, call.adviser, loan_id, given, event_id=call.once or None)
    return Reply(event_show(call, loan_id, made), f"{_BASE}/{loan_id}/events/{made}")


@LOANS.get(f"{_BASE}/{{loan_id}}/events/{{event_id}}", _l("Lire un événement"), shapes.EventOut, scope=READ)
def event_show(call: Call, loan_id: str, event_id: str) -> Happened:
    """One of them."""
    found = next((one for one in loans.get(call.session, call.adviser, loan_id).events if one.id == event_id), None)
    if found is None:
        raise NotFound("Cette ligne n'existe plus.")
    return found


@LOANS.delete(
    f"{_BASE}/{{loan_id}}/events/{{event_id}}", _l("Retirer un événement"), scope=WRITE, same="patrimoine_loans_event_show"
)
def event_remove(call: Call, loan_id: str, event_id: str) -> None:
    """The schedule is again what it was."""
    loan_writes.remove_event(call.session, call.adviser, loan_id, event_id)


def _told(one: Loan) -> dict[str, Any]:
    owed = one.owed(today())
    return {
        "id": one.id, "terms": one.terms, "borrowers": one.borrowers, "events": one.events, "owed": owed.amount,
        "steps": [{"count": count, "payment": payment} for count, payment in one.terms.steps], "owed_as_of": owed.as_of,
        "owed_origin": owed.origin, "ends_on": one.ends, "closed_on": one.closed_on, "closed_why": one.closed_why,
    }  # fmt: skip


def _read(given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    if "steps" in values:
        values["steps"] = tuple((one.get("count", 0), one["payment"]) for one in values["steps"])
    if "guarantees" in values:
        values["guarantees"] = tuple(values["guarantees"])
    return values


def _people(given: list[Mapping[str, Any]]) -> list[Borrower]:
    return [Borrower(one["contact_id"], one["share"], one.get("insured", ZERO)) for one in given]
