"""The pages around a launch: hand-over, resume, refusal, return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue

from core.db.clock import now
from core.hooks.errors import PluginError
from core.hooks.specs import Plugin
from core.hooks.types import AccountRef
from core.hooks.types import Intent
from core.hooks.types import Launch as LaunchForm
from core.hooks.types import TransactionRef
from core.links import acts
from core.links import launch as launches
from core.links.models import Launch
from core.links.tokens import FormToken
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web import csp


@dataclass(frozen=True, slots=True)
class HandOver:
    """The hand-over page's content (PLP-054)."""

    partner: str
    act: str
    action: str
    params: tuple[tuple[str, str], ...]
    launch_id: str
    form: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Resume:
    """An opening whose POST never arrived."""

    partner: str
    token: str
    back_url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A launch that cannot go on: what, why, what to do."""

    title: str
    text: str
    todo: str
    reference: str
    back_url: str
    kind: str = "warning"
    back_label: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnView:
    """The page one comes back to, with our status."""

    partner: str
    act: str
    account_label: str
    account_url: str
    status: str | None
    status_label: str | None
    reference: str | None
    checked_at: datetime
    transaction_id: str | None
    live_src: str | None


def page(account: AccountRef, prepared: launches.Prepared, form: str) -> ResponseReturnValue:
    """The hand-over page, or why there is none any more."""
    if prepared.consumed:
        return outcome(
            "Cette ouverture a déjà servi", "Par sécurité, une ouverture ne sert qu'une fois.",
            "Pour retourner chez le partenaire, repartez de la liste des actes du compte.", prepared.back, 410,
        )  # fmt: skip
    if prepared.expired:
        return outcome(
            "Cette ouverture a expiré", "Une ouverture reste valable deux minutes\u202f; celle-ci a attendu plus longtemps.",
            "Repartez de la liste des actes du compte\u202f: rien n'a été transmis au partenaire.", prepared.back, 410,
        )  # fmt: skip
    intent = Intent(prepared.launch_id, _text(prepared.claims.get("transaction_ref")), prepared.act, prepared.claims)
    try:
        target = hub().ask(prepared.plugin, Plugin.start_transaction, current_context(), account, intent)
    except PluginError as error:
        return outcome("Ouverture impossible", error.text, "Réessayez dans un instant.", prepared.back, 503)
    if not isinstance(target, LaunchForm):
        text = f"{name(prepared.plugin)} a proposé cet acte comme une ouverture de son extranet, et n'en donne pas l'adresse."
        return outcome("Ouverture impossible", text, "Prévenez l'administrateur de votre cabinet.", prepared.back, 503)
    csp.hand_over_to(target.origins)
    view = HandOver(
        partner=name(prepared.plugin), act=prepared.act, action=target.action, params=target.params,
        launch_id=prepared.launch_id, form=form, back_url=prepared.back,
    )  # fmt: skip
    return render_template("links/handover.html", view=view)


def resume(form: str, token: FormToken) -> ResponseReturnValue:
    """One button that posts the same form."""
    return render_template("links/resume.html", view=Resume(name(token.plugin), form, token.back))


def refused(text: str, *, back: str = "/", status: int = 409) -> ResponseReturnValue:
    """The act is not open: the reason, and the way back (BL-10: the server refuses too)."""
    return outcome(
        "Acte non disponible", text, "Aucune transaction n'a été créée. Revenez au compte et ouvrez une liste à jour.",
        back, status,
    )  # fmt: skip


def outcome(title: str, text: str, todo: str, back: str, status: int) -> ResponseReturnValue:
    """A page that ends a launch."""
    view = Outcome(title, text, todo, uuid4().hex[:12], back)
    return render_template("links/outcome.html", view=view, form=request.form.get("token", "")), status


def ask_again(account: AccountRef, token: FormToken) -> ResponseReturnValue | None:
    """Ask the partner whether the act of an old list is still open; the refusal, or None (PLP-050)."""
    if token.act == acts.CONSULT:
        return None
    try:
        found = hub().ask(token.plugin, Plugin.account_actions, current_context(), account)
    except PluginError as error:
        message, _, _ = acts.explain(error, name(token.plugin))
        return outcome(message.title, message.text, message.todo, token.back, 503)
    act = next((act for act in found if act.key == token.act), None)
    if act is None or not act.enabled:
        reason = act.reason if act and act.reason else f"{name(token.plugin)} ne propose plus cet acte sur ce compte."
        return refused(reason, back=token.back)
    return None


def back_page(account: AccountRef, row: Launch, found: TransactionRef | None) -> ResponseReturnValue:
    """«Vous êtes de retour»."""
    return render_template("links/return.html", view=return_view(account, row, found))


def return_view(account: AccountRef, row: Launch | None, found: TransactionRef | None) -> ReturnView:
    """What the return page says."""
    plugin = (row.plugin if row else None) or (found.plugin if found else None) or ""
    return ReturnView(
        partner=name(plugin), act=found.act_label if found else "", account_label=account.label,
        account_url=str(row.claims.get("back") or "/") if row else "/", status=found.status if found else None,
        status_label=found.status_label if found else None, reference=found.partner_ref if found else None,
        checked_at=now(), transaction_id=found.id if found else None,
        live_src=url_for("links.return_status", transaction_id=found.id) if found else None,
    )  # fmt: skip


def name(plugin: str) -> str:
    """A partner's name as people say it."""
    found = hub().registry.plugins.get(plugin)
    return found.partner.label if found and found.partner else plugin


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
