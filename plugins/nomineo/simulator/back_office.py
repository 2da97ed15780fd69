"""The company's own desk: mandates received, transactions to accept or refuse, switches of a contract."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint
from flask import abort
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from . import book
from . import desk
from . import ledger
from . import mandates
from . import wording
from .acts import FINAL
from .acts import IN_PROGRESS
from .browser import check_form
from .browser import see_other
from .context import world
from .pages import transactions
from .settings import is_loopback

blueprint = Blueprint("back_office", __name__, url_prefix="/back-office")

_HOOKS = 12
_SAID = {
    "transaction": "Statut enregistré.",
    "mandat": "Mandat mis à jour.",
    "contrat": "Contrat mis à jour.",
}
_MOVES = {
    "accept": ("validated", False),
    "refuse": ("rejected", False),
    "signature": ("signature_awaited", False),
    "correct_validated": ("validated", True),
    "correct_rejected": ("rejected", True),
}


@blueprint.before_request
def _this_machine_only() -> None:
    """No sign-in stands before this desk: it answers on this machine alone, under a name of this machine."""
    host = urlsplit(f"//{request.host}").hostname
    if not is_loopback(request.remote_addr) or not (
        is_loopback(host) or host == urlsplit(world().settings.url).hostname
    ):
        abort(404)


@blueprint.get("")
def desk_page() -> ResponseReturnValue:
    """All on one page."""
    return _page(said=_SAID.get(request.args.get("fait", ""), ""))


def _page(*, said: str = "", wrong: str = "", status: int = 200) -> tuple[str, int]:
    with world().store.read() as connection:
        running = transactions(connection, None, IN_PROGRESS)
        ended = transactions(connection, None, FINAL)[:10]
        received = mandates.everyone(connection)
        hooks = connection.execute(
            """SELECT h.*, (SELECT coalesce(a.http_status, a.error) FROM attempts a WHERE a.hook_id = h.id
                            ORDER BY a.id DESC LIMIT 1) AS last FROM hooks h ORDER BY h.id DESC LIMIT ?""",
            (_HOOKS,),
        ).fetchall()
    page = render_template(
        "back_office.html", running=running, ended=ended, mandates=received, hooks=hooks, reasons=wording.REASONS,
        steps=desk.open_steps, said=said, wrong=wrong,
    )  # fmt: skip
    return page, status


def _done(what: str) -> ResponseReturnValue:
    return see_other("back_office.desk_page", fait=what)


@blueprint.post("/transactions/<key>")
def move(key: str) -> ResponseReturnValue:
    """«Accepter», «Refuser»…"""
    check_form()
    here = world()
    if request.form.get("move") not in _MOVES:
        abort(400)
    status, corrected = _MOVES[request.form["move"]]
    reason = None
    if status == "rejected":
        code = request.form.get("reason", "")
        if code not in wording.REASONS:
            return _page(wrong="Choisissez un motif de refus.", status=422)
        reason = {"code": code, "text": wording.REASONS[code]}
    try:
        with here.store.write() as connection:
            found = ledger.by_key(connection, key)
            if found is None:
                abort(404)
            ledger.change(
                connection, found.id, status, here.clock.now(), here.clock.today(), reason=reason, corrected=corrected
            )
    except ledger.ChangeRefused as error:
        return _page(wrong=f"{str(error).capitalize()}.", status=409)
    here.wake.set()
    return _done("transaction")


@blueprint.post("/mandats/<mandate>")
def step(mandate: str) -> ResponseReturnValue:
    """«Réceptionner», «Activer»…"""
    check_form()
    here = world()
    name = request.form.get("step", "")
    if name not in mandates.STEPS:
        abort(400)
    try:
        with here.store.write() as connection:
            mandates.step(connection, mandate, name, here.clock.now(), code=request.form.get("code"))
    except LookupError:
        abort(404)
    except mandates.StepRefused as error:
        return _page(wrong=f"{str(error).capitalize()}.", status=409)
    here.wake.set()
    return _done("mandat")


@blueprint.post("/contrats")
def switch() -> ResponseReturnValue:
    """Pledge, closing: so that a person can see the platform's list change."""
    check_form()
    wanted = desk.SWITCHES.get(request.form.get("switch", ""))
    if wanted is None:
        abort(400)
    with world().store.write() as connection:
        contract = book.contract_by_ref(connection, request.form.get("ref", ""))
        if contract is None:
            return _page(wrong="Aucun contrat de ce numéro.", status=404)
        desk.set_contract(connection, contract.id, wanted, world().clock.today())
    return _done("contrat")
