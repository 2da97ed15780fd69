"""`/p/conformite/operations`: the vigilance of operations, for programs (CO-05)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import also_reads
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import schemas as shapes
from plugins.conformite.vigilance import writes
from plugins.conformite.vigilance.resources import READ
from plugins.conformite.vigilance.resources import VALIDATE
from plugins.conformite.vigilance.resources import WRITE
from plugins.conformite.vigilance.resources import answers
from plugins.conformite.vigilance.resources import sliced

OPERATIONS = Resource(
    "conformite_operations", _l("Vigilance des opérations"), _l("Opérations évaluées au titre de la LCB-FT."),
    plugin="conformite",
)  # fmt: skip
_BASE = "/p/conformite/operations"
_ONE = f"{_BASE}/{{operation_id}}"


@OPERATIONS.get(
    _BASE, _l("Lister les opérations évaluées"), shapes.OperationOut, asks=shapes.OfContactQuery, paged=True, scope=READ
)
def listed(call: Call) -> Slice[Any]:
    """Those of contacts that the owner sees, or of one."""
    if who := call.asked.get("contact"):
        contacts.get_contact(call.session, call.adviser, who)
        return sliced(call.among(assessments.operations(call.session, call.adviser, who), lambda one: one.id))
    after = call.after[0] if call.after else None
    found = assessments.operations_following(call.session, call.adviser, after, size=call.more)
    return sliced(call.page(found, lambda one: (one.id,)))


@OPERATIONS.get(_ONE, _l("Lire une opération évaluée"), shapes.OperationOut, scope=READ)
def show(call: Call, operation_id: str) -> dict[str, Any]:
    """One, whose reading is noted in its contact's file."""
    found = assessments.operation(call.session, call.adviser, operation_id)
    also_reads("contact", found.contact_id)
    return shapes.judgement_out(found)


@OPERATIONS.post(
    _BASE, _l("Évaluer une opération"), shapes.OperationOut, takes=shapes.OperationNew, status=201, scope=WRITE
)
def create(call: Call) -> Reply:
    """As the page."""
    taken = call.taken
    made = writes.operate(
        call.session, call.adviser, taken["contact_id"], answers(taken["answers"]), amount=taken["amount"],
        account_id=taken.get("account_id") or None, transaction_id=taken.get("transaction_id") or None,
        about=taken.get("about") or "", on=taken.get("on"), level=taken.get("level"), reason=taken.get("reason") or "",
        operation_id=call.once or None,
    )  # fmt: skip
    return Reply(show(call, made), f"{_BASE}/{made}")


@OPERATIONS.post(
    f"{_ONE}/validate", _l("Valider une opération, en seconde personne"), shapes.OperationOut, scope=VALIDATE
)
def validate(call: Call, operation_id: str) -> dict[str, Any]:
    """As «Valider cette vigilance»."""
    writes.validate_operation(call.session, call.adviser, operation_id)
    return show(call, operation_id)
