"""Pages of those who are signed in: dashboard, contracts, acts in progress; and the sign-in page."""

from __future__ import annotations

from flask import Blueprint
from flask import abort
from flask import make_response
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue

from . import book
from . import ledger
from . import rules
from . import sessions
from .acts import BY_CODE
from .acts import CONSULTATION
from .acts import FINAL
from .acts import IN_PROGRESS
from .browser import check_form
from .browser import current_session
from .browser import see_other
from .browser import set_session_cookie
from .browser import signed_in
from .browser import the_session
from .context import world
from .db import Connection
from .ledger import Transaction

blueprint = Blueprint("pages", __name__)

_PAGE = 20
_RECENT = 8


@blueprint.get("/")
def sign_in() -> ResponseReturnValue:
    """For those who come directly."""
    if current_session() is not None:
        return see_other("pages.dashboard")
    return render_template("sign_in.html", expired="expired" in request.args, wrong=False, identifier="")


@blueprint.get("/icon.svg")
def icon() -> ResponseReturnValue:
    """The company's first letter on its colour."""
    answer = make_response(render_template("icon.svg"))
    answer.mimetype = "image/svg+xml"
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer


@blueprint.post("/")
def do_sign_in() -> ResponseReturnValue:
    """Identifier and password."""
    check_form()
    here = world()
    identifier = request.form.get("identifier", "")
    with here.store.read() as connection:
        who = sessions.check_password(connection, identifier, request.form.get("password", ""))
    if who is None:
        page = render_template("sign_in.html", expired=False, wrong=True, identifier=identifier)
        return make_response(page, 401)
    with here.store.write() as connection:
        old = request.cookies.get(here.settings.session_cookie)
        cookie = sessions.start(connection, who, here.clock.now(), cookie=old)
    answer = see_other("pages.dashboard")
    set_session_cookie(answer, cookie)
    return answer


@blueprint.post("/deconnexion")
@signed_in
def sign_out() -> ResponseReturnValue:
    """Ends the session here only: no single logout (PLP-080)."""
    check_form()
    with world().store.write() as connection:
        sessions.end(connection, the_session())
    answer = see_other("pages.sign_in")
    answer.delete_cookie(world().settings.session_cookie, path="/")
    return answer


@blueprint.get("/tableau-de-bord")
@signed_in
def dashboard() -> ResponseReturnValue:
    """Figures of the broker's contracts, what is in progress."""
    session = the_session()
    with world().store.read() as connection:
        lines = book.contract_lines(connection, session.broker_code)
        running = transactions(connection, session.broker_code, IN_PROGRESS)
        ended = transactions(connection, session.broker_code, FINAL)
        broker = connection.execute("SELECT name FROM brokers WHERE code = ?", (session.broker_code,)).fetchone()
    return render_template(
        "dashboard.html", broker=broker["name"] if broker else "", count=len(lines),
        value=sum(line.value for line in lines), running=running, ended=ended[:_RECENT],
    )  # fmt: skip


@blueprint.route("/contrats", methods=["GET", "POST"])
@signed_in
def contracts() -> ResponseReturnValue:
    """The list. A search is posted: no contract number ever stands in a URL (PLP-083)."""
    words = ""
    if request.method == "POST":
        check_form()
        words = request.form.get("words", "")[:100]
    with world().store.read() as connection:
        lines = book.contract_lines(connection, the_session().broker_code, words)
    pages = max(1, -(-len(lines) // _PAGE))
    number = 1 if words else min(max(request.args.get("page", 1, int), 1), pages)
    shown = lines if words else lines[(number - 1) * _PAGE : number * _PAGE]
    return render_template(
        "contracts.html", lines=shown, count=len(lines), words=words, page=number, pages=1 if words else pages
    )


@blueprint.get("/contrats/<int:contract_id>")
@signed_in
def contract(contract_id: int) -> ResponseReturnValue:
    """One contract: positions, plans, acts that can be entered here, the past ones."""
    session = the_session()
    with world().store.read() as connection:
        found = book.contract_by_id(connection, session.broker_code, contract_id)
        if found is None:
            abort(404)
        pending = ledger.pending_on(connection, found.id)
        past = [
            ledger.read(row)
            for row in connection.execute(
                "SELECT * FROM transactions WHERE contract_id = ? AND status <> 'opened' ORDER BY id DESC LIMIT 20",
                (found.id,),
            )
        ]
    decisions = [
        decision
        for decision in rules.evaluate(found, pending, world().clock.today())
        if decision.act.code != CONSULTATION
    ]
    return render_template(
        "contract.html", contract=found, decisions=decisions, past=past, return_url=session.return_url
    )


@blueprint.post("/contrats/<int:contract_id>/actes")
@signed_in
def begin_act(contract_id: int) -> ResponseReturnValue:
    """An act entered directly: no transaction_ref, so told to nobody; it counts once validated (PLP-051)."""
    check_form()
    here, session = world(), the_session()
    act = BY_CODE.get(request.form.get("action", ""))
    if act is None or act.code == CONSULTATION:
        abort(400)
    with here.store.write() as connection:
        found = book.contract_by_id(connection, session.broker_code, contract_id)
        if found is None:
            abort(404)
        made = ledger.open_act(connection, found, act, session.who, here.clock.now())
    return see_other("act_pages.show", key=made.key)


@blueprint.get("/acts")
@signed_in
def in_progress() -> ResponseReturnValue:
    """What the company is working on for this broker."""
    session = the_session()
    with world().store.read() as connection:
        running = transactions(connection, session.broker_code, IN_PROGRESS)
        ended = transactions(connection, session.broker_code, FINAL)
    return render_template("in_progress.html", running=running, ended=ended[: 2 * _RECENT])


def transactions(
    connection: Connection, broker_code: str | None, statuses: tuple[str, ...]
) -> list[tuple[Transaction, str, str]]:
    """(transaction, contract number, holder), newest first; all brokers' for the clerk."""
    rows = connection.execute(
        f"""SELECT t.*, c.ref AS shown_ref, c.holder AS holder FROM transactions t JOIN contracts c
            ON c.id = t.contract_id WHERE (? IS NULL OR t.broker_code = ?)
            AND t.status IN ({','.join('?' * len(statuses))}) ORDER BY t.effective_at DESC, t.id DESC""",  # noqa: S608
        (broker_code, broker_code, *statuses),
    ).fetchall()
    made = []
    for row in rows:
        values = dict(row)
        shown, holder = values.pop("shown_ref"), values.pop("holder")
        made.append((ledger.from_values(values), str(shown), str(holder)))
    return made
