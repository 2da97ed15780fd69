"""Every route × every profile × one's own client, an agency colleague's, another agency's, another cabinet's (issue 3).

The expected answers are written here by hand: what each profile reaches, what each route asks for. A new route without a
row fails, and so does a row without a route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from core.app import create_app
from core.extensions import db
from core.web.policy import policy_of
from tests import databases
from tests.conftest import make_config
from tests.contract import rights_world
from tests.contract import two_cabinets as two
from tests.contract.rights_world import CLIENTS
from tests.contract.rights_world import NUMBERS
from tests.contract.rights_world import PROFILES
from tests.contract.rights_world import World
from tests.usual import adopt

pytestmark = pytest.mark.xdist_group("walls")

#: Whose clients a width reaches.
REACH = {"own": ("own",), "agency": ("own", "colleague"), "cabinet": ("own", "colleague", "other")}
_NOUNS = ("contacts", "accounts", "transactions", "documents")
_VIEWS, _EDITS = [f"{noun}.view" for noun in _NOUNS], ["contacts.edit", "accounts.edit", "documents.edit"]
MERGE = "contacts.merge"
VALIDATE, SUSPICION = "vigilance.validate", "vigilance.suspicion"
PEOPLE = "administration"
#: Profile → right → width. A right that is not there is refused at the door.
WIDTH: dict[str, dict[str, str]] = {
    "ADMINISTRATEUR": dict.fromkeys(
        [*_VIEWS, *_EDITS, MERGE, "transactions.initiate", "partners.manage", VALIDATE, SUSPICION, PEOPLE], "cabinet"
    ),
    "RESPONSABLE_AGENCE": dict.fromkeys([*_VIEWS, *_EDITS, MERGE, "transactions.initiate"], "agency"),
    "CONSEILLER": dict.fromkeys([*_VIEWS, *_EDITS, MERGE, "transactions.initiate"], "own"),
    "ASSISTANT": dict.fromkeys([*_VIEWS, *_EDITS], "own"),
    "LECTEUR": dict.fromkeys(_VIEWS, "cabinet"),
    "REGARD": {**dict.fromkeys(_VIEWS, "agency"), "contacts.edit": "own"},
}


@dataclass(frozen=True)
class Row:
    """What a route asks for, and its answer to whoever may: `status`, or the several that its state allows.

    `right`: public, machine, session, or a right. `client`: it names a client's thing; `ours`: a thing of the cabinet.
    `reach`: the right that decides where the door asks for a session only; without it there is nothing to be found.
    """

    right: str
    status: tuple[int, ...] = (200,)
    client: bool = False
    ours: bool = False
    reach: str = ""


def of_client(right: str, *status: int) -> Row:
    return Row(right, status or (200,), client=True)


def beside(endpoint: str, right: str, *, client: bool = False) -> dict[str, dict[str, Row]]:
    """The pages beside a list: columns, export, saved views. No view of that id is there."""
    return {
        f"{endpoint}_columns": {"POST": Row(right, DONE, client=client)},
        f"{endpoint}_export": {"POST": Row(right, (200, *DONE), client=client)},
        f"{endpoint}_views": {"GET": Row(right, client=client), "POST": Row(right, (*DONE, 422), client=client)},
        f"{endpoint}_view": {"POST": Row(right, (404,), client=client)},
    }


def absent(endpoint: str, right: str) -> dict[str, dict[str, Row]]:
    """The pages beside a list of something that is not there."""
    made = {f"{endpoint}_{name}": {"POST": Row(right, (404,))} for name in ("columns", "export", "view")}
    return {**made, f"{endpoint}_views": {"GET": Row(right, (404,)), "POST": Row(right, (404,))}}


OPEN, SIGNED, PARTNERS = Row("public"), Row("session"), "partners.manage"
DONE, REFUSED = (302, 303), (409, 422)
DOCUMENT = Row("session", client=True, reach="documents.view")
#: The partner is not registered here: its pages exist for nobody, behind the door that its right opens.
ABSENT = Row(PARTNERS, (404,))
#: Endpoint → method → row.
ROWS: dict[str, dict[str, Row]] = {
    "auth.sign_in": {"GET": Row("public", (302,))},
    "auth.sign_in_post": {"POST": Row("public", (200, 302, 401, 422, 429))},
    "auth_step.code": {"GET": Row("public", (302,))},
    "auth_step.code_post": {"POST": Row("public", (302,))},
    "auth_step.enrol": {"GET": Row("public", (302,))},
    "auth_step.enrol_post": {"POST": Row("public", (302,))},
    "auth_step.recovery": {"GET": Row("public", (302,))},
    "auth_step.recovery_post": {"POST": Row("public", (302,))},
    "auth_reset.choose": {"GET": Row("public", (200, 302, 410))},
    "auth_reset.choose_post": {"POST": Row("public", (200, 302, 410))},
    "auth_reset.forgotten": {"GET": OPEN},
    "auth_reset.forgotten_post": {"POST": Row("public", (200, 302, 303, 422))},
    "healthz": {"GET": Row("public", (200, 503))},
    "static_files": {"GET": Row("public", (404,))},
    "theme_files": {"GET": Row("public", (404,))},
    "look.logo": {"GET": Row("public", (404,))},
    "metrics": {"GET": Row("machine")},
    "plp.configuration": {"GET": Row("machine")},
    "plp.jwks": {"GET": Row("machine")},
    "plp.keys_statement": {"GET": Row("machine", (400,))},
    "plp.token": {"POST": Row("machine", (400, 401))},
    "plp.hook": {"POST": Row("machine", (404, 415))},
    "plp.authorize": {"GET": Row("public", (302, 400))},
    "plp.saml_metadata": {"GET": Row("machine", (404,))},
    "plp.saml_sso": {"GET": Row("public", (400,))},
    "shell.home": {"GET": Row("session", (302,))},
    "live": {"GET": SIGNED},
    "live_stream": {"GET": Row("session", (200, 204))},
    "account.index": {"GET": SIGNED},
    "account.password": {"GET": SIGNED},
    "account.password_post": {"POST": Row("session", REFUSED)},
    "account.factor": {"GET": Row("session", (200, 302, 303))},
    "account.factor_post": {"POST": Row("session", (302, 303, 422))},
    "account.factor_codes": {"GET": Row("session", (200, 302, 303)), "POST": Row("session", (302, 303, 422))},
    "account.factor_begin": {"POST": Row("session", (302, 303, 409, 422))},
    "account.factor_remove": {"GET": Row("session", (200, 302, 303)), "POST": Row("session", (302, 303, 422))},
    "account.session_left": {"GET": SIGNED},
    "account.stay": {"POST": Row("session", (200, 204))},
    "account.end_session": {"POST": Row("session", (302, 303, 404))},
    "account.end_others": {"POST": Row("session", DONE)},
    "notifications.index": {"GET": SIGNED},
    "notifications.mark_all_read": {"POST": Row("session", DONE)},
    "notifications.latest": {"GET": SIGNED},
    "notifications.mark_some_read": {"POST": Row("session", DONE)},
    "notifications.dismiss_some": {"POST": Row("session", DONE)},
    "undo.take_back": {"POST": Row("session", (*DONE, *REFUSED))},
    "photos.edit": {"GET": SIGNED},
    "photos.save": {"POST": Row("session", (422,))},
    "photos.remove": {"POST": Row("session", DONE)},
    "photos.show": {"GET": Row("session", (200, 404))},
    "profile.index": {"GET": SIGNED},
    "profile.save": {"POST": Row("session", (*DONE, 422))},
    "profile.single_keys": {"POST": Row("session", (200, 204, *DONE, 422))},
    "help.index": {"GET": SIGNED},
    "help.shortcuts": {"GET": SIGNED},
    "help.chapter": {"GET": SIGNED},
    "help.tutorial": {"GET": SIGNED},
    "uploads.deposit": {"POST": Row("session", (400, 403, 404, 422))},
    "uploads.remove": {"POST": Row("session", (204, *DONE, 404))},
    "documents.preview": {"GET": DOCUMENT},
    "documents.page": {"GET": Row("session", (200, 404), client=True, reach="documents.view")},
    "documents.download": {"GET": DOCUMENT},
    "privacy.show": {"GET": of_client("contacts.edit", 200, 403)},
    "privacy.as_json": {"POST": of_client("contacts.edit", 200, 403)},
    "privacy.as_pdf": {"POST": of_client("contacts.edit", 200, 403)},
    "proofs.show": {"GET": of_client("documents.view", 200, 403)},
    "proofs.make": {"POST": of_client("documents.view", 200, 403)},
    "signatures.index": {"GET": Row("documents.view")},
    "signing.new": {"GET": Row("session", (200, 403), client=True, reach="documents.view")},
    "signing.ask": {"POST": Row("session", (422, 403), client=True, reach="documents.view")},
    "signing.show": {"GET": DOCUMENT},
    "signing.remind": {"POST": Row("session", (422, 403), client=True, reach="documents.view")},
    "signing.cancel": {"POST": Row("session", (*DONE, 403, 422), client=True, reach="documents.view")},
    "signing.here": {"GET": Row("session", (200, 403, 404), client=True, reach="documents.view")},
    "signing.sign_here": {"POST": Row("session", (422, 403, 404), client=True, reach="documents.view")},
    "signing.on_paper": {
        "GET": Row("session", (200, 403, 404), client=True, reach="documents.view"),
        "POST": Row("session", (422, 403, 404), client=True, reach="documents.view"),
    },
    "signature.enter": {"GET": Row("public", (410,))}, "signature.read": {"GET": Row("public", (410,))},
    "signature.page": {"GET": Row("public", (410,))}, "signature.download": {"GET": Row("public", (410,))},
    "signature.sign": {"POST": Row("public", (410,))}, "signature.refuse": {"POST": Row("public", (410,))},
    "search.index": {"GET": SIGNED},
    "tokens.index": {"GET": SIGNED},
    "tokens.new": {"GET": SIGNED},
    "tokens.make": {"POST": Row("session", (422,))},
    "tokens.revoke": {"POST": Row("session", (404,))},
    "api_docs.index": {"GET": OPEN},
    "api_docs.resource": {"GET": OPEN},
    "api_docs.document": {"GET": OPEN},
    "search.group": {"GET": SIGNED},
    "styleguide.index": {"GET": SIGNED},
    "styleguide.confirm": {"POST": Row("session", (200, 302, 303, 422))},
    "styleguide.order": {"POST": Row("session", (200, *DONE, 422))},
    "styleguide.reversible": {"POST": Row("session", DONE)},
    "styleguide.list": {"GET": SIGNED},
    "styleguide.list_views": {"GET": Row("session", (302,)), "POST": Row("session", (*DONE, 404, 422))},
    "styleguide.list_columns": {"POST": Row("session", DONE)},
    "styleguide.list_export": {"POST": Row("session", (200, *DONE, 404))},
    "links.actions": {"GET": of_client("transactions.initiate")},
    "links.types": {"GET": of_client("transactions.initiate")},
    "links.launch": {"POST": of_client("transactions.initiate", *REFUSED)},
    "links.launched": {"GET": of_client("transactions.initiate")},
    # none was begun here, and another's is not there: tests/contract/test_native_journey.py
    "journeys.begin": {"POST": Row("transactions.initiate", (409,))},
    "journeys.show": {"GET": Row("transactions.initiate", (404,))},
    "journeys.step": {"GET": Row("transactions.initiate", (404,))},
    "journeys.status": {"GET": Row("transactions.initiate", (404,))},
    "journeys.fill": {"POST": Row("transactions.initiate", (404,))},
    "journeys.confirm": {"POST": Row("transactions.initiate", (404,))},
    "journeys.give_up": {"POST": Row("transactions.initiate", (404,))},
    # another's is not there: tests/plugins/aggregation/pipeline/test_linking.py
    "p_aggregation.index": {"GET": Row("accounts.edit")},
    "p_aggregation.receive": {"POST": Row("accounts.edit", (422,))},
    "p_aggregation.sources": {"GET": Row("accounts.edit")},
    "p_aggregation.refresh": {"POST": Row("partners.manage", DONE)},
    "p_aggregation.confirm_key": {"POST": Row("partners.manage", (404,))},
    "p_aggregation.origin": {"GET": of_client("accounts.view")},
    "p_aggregation.link": {"GET": Row("accounts.edit", (404,)), "POST": Row("accounts.edit", (404,))},
    **{
        f"p_aggregation.{name}": {method: Row("accounts.edit", (404,))}
        for method, names in (
            ("GET", ("file", "file_status")),
            ("POST", ("file_apply", "file_undo", "file_put_aside", "link_create", "link_ignore", "link_detach")),
        )
        for name in names
    },
    # another's is not there: tests/plugins/contacts/test_import_pages.py
    "imports.index": {"GET": Row("contacts.edit")},
    "imports.new": {"GET": Row("contacts.edit")},
    "imports.receive": {"POST": Row("contacts.edit", (422,))},
    **{
        f"imports.{name}": {method: Row("contacts.edit", (404,))}
        for method, names in (
            ("GET", ("columns", "show", "status", "errors_file")), ("POST", ("choose", "begin", "stop", "undo", "give_up")),
        )
        for name in names
    },
    "links.returned": {"GET": of_client("transactions.view")},
    "links.return_status": {"GET": of_client("transactions.view")},
    "p_contacts.index": {"GET": Row("contacts.view")},
    "p_contacts.new": {"GET": Row("contacts.edit"), "POST": Row("contacts.edit", REFUSED)},
    "p_contacts.contact": {"GET": of_client("contacts.view")},
    "p_contacts.history": {"GET": of_client("contacts.view")},
    "p_contacts.edit": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *REFUSED)},
    "p_contacts.channels": {"GET": of_client("contacts.view")},
    "p_contacts.channel_add": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_contacts.channel_change": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *REFUSED)},
    "p_contacts.channel_remove": {"POST": of_client("contacts.edit", *DONE)},
    "p_contacts.channel_order": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 200, *DONE, *REFUSED)},
    "p_contacts.channel_verify": {"POST": of_client("contacts.edit", *DONE)},
    "p_contacts.relations": {"GET": of_client("contacts.view")},
    "p_contacts.spouse": {"GET": of_client("contacts.view")},
    "p_contacts.spouse_align": {"POST": of_client("contacts.edit", 404)},  # in no union
    "p_contacts.spouse_new": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_contacts.child_new": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_contacts.relation_add": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    # of no relation: whose it is, tests/core/contacts/test_relations.py
    "p_contacts.relation_change": {"GET": of_client("contacts.edit", 404), "POST": of_client("contacts.edit", 404)},
    "p_contacts.relation_end": {"GET": of_client("contacts.edit", 404), "POST": of_client("contacts.edit", 404)},
    "p_contacts.relation_remove": {"POST": of_client("contacts.edit", 404)},
    "p_contacts.household_make": {"POST": of_client("contacts.edit", 404)},
    "p_contacts.member_add": {"GET": of_client("contacts.edit", 302), "POST": of_client("contacts.edit", 404)},
    "p_contacts.member_attach": {"POST": of_client("contacts.edit", 404)},
    "p_contacts.member_remove": {"POST": of_client("contacts.edit", 404)},
    "p_contacts.hand_over": {"POST": Row("contacts.edit", (*DONE, *REFUSED))},
    "p_contacts.categorise": {"POST": Row("contacts.edit", (*DONE, *REFUSED))},
    "p_contacts.label": {"POST": Row("contacts.edit", (*DONE, *REFUSED))},
    "p_contacts.number_add": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_contacts.number_remove": {"POST": of_client("contacts.edit", 404)},
    "p_contacts.archive": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *DONE)},
    "p_contacts.unarchive": {"POST": of_client("contacts.edit", *DONE)},
    "p_contacts.settings": {"GET": Row(PEOPLE)},
    "p_contacts.setting_new": {"GET": Row(PEOPLE), "POST": Row(PEOPLE, (422,))},
    "p_contacts.setting_order": {"GET": Row(PEOPLE), "POST": Row(PEOPLE, (200, *DONE, *REFUSED))},
    "p_contacts.setting": {"GET": Row(PEOPLE, ours=True), "POST": Row(PEOPLE, REFUSED, ours=True)},
    "p_contacts.setting_state": {"POST": Row(PEOPLE, (422,), ours=True)},
    "p_contacts.setting_merge": {"GET": Row(PEOPLE, ours=True), "POST": Row(PEOPLE, (422,), ours=True)},
    # two contacts are named in the form or nowhere: tests/plugins/contacts/test_merging.py
    "p_contacts.twins": {"GET": Row("contacts.view")},
    "p_contacts.twins_apart": {"POST": Row("contacts.edit", (404,))},
    "p_contacts.merge": {"GET": Row(MERGE, (404,)), "POST": Row(MERGE, (404,))},
    "p_contacts.merge_two": {"POST": Row(MERGE, DONE)},
    "p_contacts.merge_with": {"GET": of_client(MERGE)},
    "p_contacts.merge_undo": {"GET": Row(MERGE, (404,)), "POST": Row(MERGE, (404,))},
    "p_contacts.map": {"GET": Row("contacts.view")},
    "p_contacts.map_doubts": {"GET": Row("contacts.view")},
    # the channel of the walk is no address: one is led back; tests/plugins/contacts/test_map.py
    "p_contacts.place": {"GET": of_client("contacts.view", *DONE), "POST": of_client("contacts.view", *DONE)},
    "p_conformite.index": {"GET": Row("contacts.view")},
    "p_conformite.profile": {"GET": of_client("contacts.view")},
    "p_conformite.profile_past": {"GET": of_client("contacts.view")},
    "p_conformite.profile_step": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_conformite.profile_establish": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_conformite.vigilance": {"GET": of_client("contacts.view")},
    "p_conformite.vigilance_past": {"GET": of_client("contacts.view")},
    "p_conformite.vigilance_assess": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_conformite.vigilance_validate": {"POST": of_client(VALIDATE, 409)},  # it waits for nobody
    "p_conformite.vigilance_map": {"GET": Row("contacts.view")},
    "p_conformite.operation": {"GET": of_client("contacts.view")},
    "p_conformite.operation_new": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_conformite.operation_validate": {"POST": of_client(VALIDATE, 409)},
    "p_conformite.country_lists": {"GET": Row("contacts.view")},
    "p_conformite.country_list_new": {"GET": Row(VALIDATE), "POST": Row(VALIDATE, (422,))},
    "p_conformite.suspicions": {"GET": of_client(SUSPICION), "POST": of_client(SUSPICION, 422)},
    "p_conformite.profile_drop": {"POST": of_client("contacts.edit", *DONE)},
    "p_conformite.papers": {"GET": of_client("documents.view")},
    "p_conformite.paper_make": {"GET": of_client("documents.edit"), "POST": of_client("documents.edit", 422)},
    "p_conformite.paper_file": {"GET": of_client("documents.edit"), "POST": of_client("documents.edit", 422)},
    "p_conformite.templates": {"GET": Row("contacts.view")},
    "p_conformite.template": {"GET": Row("contacts.view")},
    "p_conformite.template_preview": {"GET": Row("contacts.view")},
    "p_conformite.template_new": {"GET": Row(PEOPLE), "POST": Row(PEOPLE, (422,))},
    "p_conformite.allocation": {"GET": of_client("accounts.view")},
    "p_conformite.targets": {"GET": Row("contacts.view")},
    "p_conformite.targets_edit": {"GET": Row(PEOPLE), "POST": Row(PEOPLE, REFUSED)},
    "p_conformite.projects": {"GET": of_client("contacts.view")},
    "p_conformite.project": {"GET": of_client("contacts.view")},
    "p_conformite.project_new": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_conformite.project_edit": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *REFUSED)},
    **{f"p_conformite.project_{name}": {"POST": of_client("contacts.edit", *DONE)} for name in ("archive", "restore")},
    "p_fiscalite.taxes": {"GET": of_client("contacts.view")},
    "p_fiscalite.result": {"GET": of_client("contacts.view")},
    "p_fiscalite.calculate": {"POST": of_client("contacts.edit", *DONE)},
    "p_fiscalite.declare": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *REFUSED)},
    # nothing is declared: to the form that declares
    "p_fiscalite.what_if": {"GET": of_client("contacts.edit", *DONE), "POST": of_client("contacts.edit", *DONE)},
    **beside("p_contacts.index", "contacts.view"),
    **beside("p_portefeuille.accounts_list", "accounts.view"),
    **beside("p_outils.index", "accounts.view"),
    **beside("p_portefeuille.account_movements", "accounts.view", client=True),
    **beside("p_portefeuille.account_transactions", "transactions.view", client=True),
    "p_portefeuille.home": {"GET": Row("accounts.view", (302,))},
    "p_portefeuille.accounts_list": {"GET": Row("accounts.view")},
    "p_portefeuille.portfolio": {"GET": of_client("accounts.view")},
    "p_portefeuille.situation": {"GET": of_client("accounts.view")},
    "p_portefeuille.audit": {"GET": of_client("accounts.view")},
    # a contact without a known value has no statement yet
    "p_portefeuille.statement": {"GET": of_client("accounts.view", 200, 422)},
    "p_portefeuille.statement_file": {"GET": of_client("accounts.view", 200, 422)},
    "p_portefeuille.statement_keep": {"POST": of_client("documents.edit", 422)},
    "p_portefeuille.statement_batches": {"GET": Row("documents.edit")},
    # of what was chosen: nothing here
    "p_portefeuille.statement_batch_new": {"GET": Row("documents.edit"), "POST": Row("documents.edit")},
    "p_portefeuille.statement_batch": {"GET": Row("documents.edit", (404,))},
    "p_portefeuille.statement_batch_status": {"GET": Row("documents.edit", (404,))},
    "p_portefeuille.statement_batch_file": {"GET": Row("documents.edit", (404,))},
    "p_portefeuille.statement_batch_send": {"GET": Row("documents.edit", (404,)), "POST": Row("documents.edit", (404,))},
    "p_portefeuille.statement_batch_retry": {"POST": Row("documents.edit", (404,))},
    "p_portefeuille.statement_send": {"GET": of_client("documents.edit", 404), "POST": of_client("documents.edit", 404)},
    "p_portefeuille.statement_retry": {"POST": of_client("documents.edit", 404)},
    "p_portefeuille.contact_accounts": {"GET": of_client("accounts.view", 302)},
    "p_portefeuille.account": {"GET": of_client("accounts.view")},
    "p_portefeuille.account_supports": {"GET": of_client("accounts.view")},
    "p_portefeuille.account_new": {"GET": Row("accounts.edit"), "POST": Row("accounts.edit", (422,))},
    "p_portefeuille.account_history": {"GET": of_client("accounts.view")},
    **{
        f"p_portefeuille.account_{name}": {"GET": of_client("accounts.edit"), "POST": of_client("accounts.edit", 422)}
        for name in ("edit", "state", "value", "lines", "movement")
    },
    # a form that is empty names nobody: refused
    "p_portefeuille.account_people": {"GET": of_client("accounts.edit"), "POST": of_client("accounts.edit", *REFUSED)},
    # nothing fills this account, nothing of it was typed
    "p_portefeuille.account_correct": {"GET": of_client("accounts.edit", 404), "POST": of_client("accounts.edit", 404)},
    "p_portefeuille.account_release": {"POST": of_client("accounts.edit", 404)},
    "p_portefeuille.account_value_remove": {"POST": of_client("accounts.edit", 404)},
    "p_portefeuille.account_movement_remove": {"POST": of_client("accounts.edit", 404)},
    "p_portefeuille.typed_new": {"GET": of_client("accounts.edit"), "POST": of_client("accounts.edit", 422)},
    "p_portefeuille.typed_act": {"GET": of_client("transactions.view")},
    "p_portefeuille.typed_edit": {"GET": of_client("accounts.edit"), "POST": of_client("accounts.edit", 422)},
    # of a day to come: refused
    "p_portefeuille.typed_execute": {"POST": of_client("accounts.edit", *REFUSED)},
    "p_portefeuille.typed_cancel": {"POST": of_client("accounts.edit", *DONE)},
    "p_portefeuille.typed_take_back": {"POST": of_client("accounts.edit", *DONE)},
    "p_portefeuille.account_matches": {"GET": of_client("transactions.view")},
    # no movement of this name: tests/plugins/portefeuille/test_matches.py
    **{f"p_portefeuille.match_{verb}": {"POST": of_client("accounts.edit", 404)} for verb in ("confirm", "refuse", "undo")},
    "p_portefeuille.plans": {"GET": Row("transactions.view")},
    "p_portefeuille.account_plans": {"GET": of_client("transactions.view")},
    # fees do not come back; none was made: tests/plugins/portefeuille/test_plans.py
    "p_portefeuille.plan_new": {"GET": of_client("accounts.edit", 404), "POST": of_client("accounts.edit", 404)},
    "p_portefeuille.plan": {"GET": Row("transactions.view", (404,))},
    "p_portefeuille.plan_edit": {"GET": Row("accounts.edit", (404,)), "POST": Row("accounts.edit", (404,))},
    **{
        f"p_portefeuille.plan_{verb}": {"POST": Row("accounts.edit", (404,))}
        for verb in ("suspend", "resume", "end", "prepare", "execute", "pass")
    },
    "p_portefeuille.account_archive": {"POST": of_client("accounts.edit", *DONE)},
    "p_portefeuille.account_restore": {"POST": of_client("accounts.edit", *DONE)},
    "p_portefeuille.account_remove": {"POST": of_client("accounts.edit", *DONE)},
    "p_portefeuille.account_movements": {"GET": of_client("accounts.view")},
    "p_portefeuille.account_performance": {"GET": of_client("accounts.view")},
    "p_portefeuille.contact_performance": {"GET": of_client("accounts.view")},
    "p_portefeuille.account_transactions": {"GET": of_client("transactions.view")},
    "p_portefeuille.operations": {"GET": of_client("transactions.view")},
    "p_portefeuille.transaction_status": {"GET": of_client("transactions.view")},
    "p_portefeuille.transaction_history": {"GET": of_client("transactions.view")},
    **{f"p_ged.{name}": {"GET": of_client("documents.view")} for name in ("documents", "document", "documents_archive")},
    "p_ged.search": {"GET": Row("documents.view")}, "p_ged.internal": {"GET": Row("documents.view")},
    "p_ged.internal_new": {"GET": Row(PEOPLE), "POST": Row(PEOPLE, (422,))},
    "p_ged.internal_paper": {"GET": Row("documents.view", ours=True)},
    "p_ged.internal_version": {"GET": Row(PEOPLE, ours=True), "POST": Row(PEOPLE, (422,), ours=True)},
    "p_ged.internal_read": {"POST": Row("documents.view", DONE, ours=True)},
    **{f"p_ged.internal_{name}": {"POST": Row(PEOPLE, DONE, ours=True)} for name in ("remind", "remove")},
    "p_ged.categories": {"GET": Row(PEOPLE)}, "p_ged.category_new": {"GET": Row(PEOPLE), "POST": Row(PEOPLE, (422,))},
    "p_ged.category_edit": {"GET": Row(PEOPLE, ours=True), "POST": Row(PEOPLE, (409, 422), ours=True)},
    "p_ged.category_order": {"POST": Row(PEOPLE, DONE)},
    **{f"p_ged.category_{name}": {"POST": Row(PEOPLE, DONE, ours=True)} for name in ("archive", "restore")},
    "p_ged.shelves": {"GET": Row("documents.view")},
    **{f"p_ged.shelf_{name}": {"GET": Row("documents.view", ours=True)} for name in ("documents", "documents_archive")},
    "p_ged.shelf_document": {"GET": Row("documents.view", ours=True)},
    "p_ged.shelf_document_new": {"GET": Row("documents.edit", ours=True), "POST": Row("documents.edit", (422,), ours=True)},
    **{
        f"p_ged.shelf_document_{name}": {"GET": Row("documents.edit", ours=True), "POST": Row("documents.edit", said, ours=True)}
        for name, said in (("edit", (409, 422)), ("version", (422,)))
    },
    **{f"p_ged.shelf_document_{name}": {"POST": Row("documents.edit", DONE, ours=True)} for name in ("remove", "restore")},
    "p_ged.document_new": {"GET": of_client("documents.edit"), "POST": of_client("documents.edit", 422)},
    "p_ged.document_edit": {"GET": of_client("documents.edit"), "POST": of_client("documents.edit", *REFUSED)},
    "p_ged.document_version": {"GET": of_client("documents.edit"), "POST": of_client("documents.edit", 422)},
    "p_ged.document_remove": {"POST": of_client("documents.edit", *DONE)},
    "p_ged.document_restore": {"POST": of_client("documents.edit", *DONE)},
    "p_patrimoine.balance": {"GET": of_client("contacts.view")},
    "p_patrimoine.loans": {"GET": of_client("contacts.view")},
    "p_patrimoine.loan": {"GET": of_client("contacts.view")},
    "p_patrimoine.loan_sheet": {"GET": of_client("contacts.view")},
    "p_patrimoine.item": {"GET": of_client("contacts.view", 302)},
    **{
        f"p_patrimoine.{name}": {"GET": of_client("contacts.view")}
        for name in ("assets", "asset", "properties", "debts", "debt")
    },
    **{
        f"p_patrimoine.{name}": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *REFUSED)}
        for name in (
            "asset_new", "asset_edit", "asset_dispose", "asset_value", "rent_new", "debt_new", "debt_edit", "debt_settle",
        )
    },
    "p_patrimoine.rent_edit": {"GET": of_client("contacts.edit", 200, 404), "POST": of_client("contacts.edit", *REFUSED, 404)},
    "p_patrimoine.asset_value_remove": {"POST": of_client("contacts.edit", *DONE, 404)},
    "p_patrimoine.rent_remove": {"POST": of_client("contacts.edit", *DONE, 404)},
    "p_patrimoine.loan_new": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_patrimoine.loan_edit": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *REFUSED)},
    "p_patrimoine.loan_close": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_patrimoine.loan_event": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_patrimoine.loan_event_remove": {"POST": of_client("contacts.edit", *DONE, 404)},  # once it is gone, it is not there
    "p_patrimoine.budget": {"GET": of_client("contacts.view")},
    "p_patrimoine.budget_new": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_patrimoine.budget_quick": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", 422)},
    "p_patrimoine.budget_edit": {"GET": of_client("contacts.edit"), "POST": of_client("contacts.edit", *REFUSED)},
    "p_patrimoine.budget_remove": {"POST": of_client("contacts.edit", *DONE)},
    "p_patrimoine.pledge_new": {"GET": of_client("accounts.edit"), "POST": of_client("accounts.edit", 422)},
    "p_patrimoine.pledge_agree": {"GET": of_client("accounts.edit"), "POST": of_client("accounts.edit", 422)},
    "p_patrimoine.pledge_release": {"GET": of_client("accounts.edit"), "POST": of_client("accounts.edit", 422)},
    "p_outils.index": {"GET": Row("accounts.view")},
    "p_outils.support": {"GET": Row("accounts.view", ours=True)},
    "p_outils.support_new": {"GET": Row("accounts.edit"), "POST": Row("accounts.edit", (422,))},
    "p_outils.support_edit": {"GET": Row("accounts.edit", ours=True), "POST": Row("accounts.edit", (422,), ours=True)},
    "p_outils.support_price": {"GET": Row("accounts.edit", ours=True), "POST": Row("accounts.edit", (422,), ours=True)},
    # nothing of it was typed
    "p_outils.support_withdraw": {"POST": Row("accounts.edit", (404,), ours=True)},
    "p_outils.support_price_remove": {"POST": Row("accounts.edit", (404,), ours=True)},
    "p_outils.support_files": {"GET": Row("accounts.edit"), "POST": Row("accounts.edit", (422,))},
    "p_outils.ranges": {"GET": Row("accounts.view")},
    "p_outils.range_new": {"GET": Row("accounts.edit"), "POST": Row("accounts.edit", (422,))},
    # none was made: tests/plugins/outils/test_ranges.py
    "p_outils.range_edit": {"GET": Row("accounts.edit", (404,)), "POST": Row("accounts.edit", (404,))},
    **{f"p_outils.range_{name}": {"POST": Row("accounts.edit", (404,))} for name in ("archive", "restore")},
    "p_outils.models": {"GET": Row("accounts.view")},
    "p_outils.model_new": {"GET": Row("accounts.edit"), "POST": Row("accounts.edit", (422,))},
    # none was made: tests/plugins/outils/test_models.py, test_model_followers.py, test_model_runs.py
    "p_outils.model": {"GET": Row("accounts.view", (404,))},
    "p_outils.model_versions": {"GET": Row("accounts.view", (404,))},
    "p_outils.model_edit": {"GET": Row("accounts.edit", (404,)), "POST": Row("accounts.edit", (404,))},
    **{f"p_outils.model_{name}": {"POST": Row("accounts.edit", (404,))} for name in ("archive", "restore", "follow")},
    "p_outils.model_followers": {"GET": Row("accounts.view")},
    **beside("p_outils.model_followers", "accounts.view"),
    "p_outils.model_leave": {"POST": Row("accounts.edit", DONE)},
    "p_outils.model_accounts": {"GET": Row("accounts.view", (404,))},
    **absent("p_outils.model_accounts", "accounts.view"),
    "p_outils.account_model": {"GET": of_client("accounts.view")},
    "p_outils.account_follow": {"POST": of_client("accounts.edit", *DONE)},
    "p_outils.runs": {"GET": Row("accounts.view")},
    "p_outils.run_new": {"GET": Row("accounts.edit"), "POST": Row("accounts.edit")},
    "p_outils.run": {"GET": Row("accounts.view", (404,))},
    **absent("p_outils.run", "accounts.view"),
    "p_outils.proposal": {"GET": Row("accounts.view", (404,))},
    **{f"p_outils.proposal_{name}": {"POST": Row("accounts.edit", (404,))} for name in ("prepare", "mark")},
    **{f"p_outils.optimisation{end}": {"GET": Row("accounts.view", (404,))} for end in ("", "s", "_status")},
    **{
        f"p_outils.optimisation_{end}": {"GET": Row("accounts.edit", (404,)), "POST": Row("accounts.edit", (404,))}
        for end in ("new", "version")
    },
    "p_outils.favourites": {"GET": Row("accounts.view"), "POST": Row("accounts.view", DONE)},
    "p_outils.favourite": {"POST": Row("accounts.view", DONE, ours=True)},
    # none was sent: tests/plugins/outils/test_files.py
    "p_outils.support_file": {"GET": Row("accounts.edit", (404,))},
    **{f"p_outils.support_file_{name}": {"POST": Row("accounts.edit", (404,))} for name in ("apply", "undo", "drop")},
    "p_outils.compare": {"GET": Row("accounts.view")},
    # nothing is named, nothing is drawn: tests/plugins/outils/test_compare.py
    "p_outils.compare_image": {"GET": Row("accounts.view", (404,))},
    "p_outils.prices_image": {"GET": Row("accounts.view", (200, 404), ours=True)},
    "p_nomineo.home": {"GET": Row("session", (302,))},
    "p_nomineo.activation": {"GET": SIGNED},
    "p_nomineo.advisers": {"GET": SIGNED},
    "p_nomineo.blank": {"GET": Row("session", (404,))},
    "p_nomineo.confirm": {"GET": ABSENT, "POST": ABSENT},
    "p_nomineo.decide": {"POST": ABSENT},
    "p_nomineo.deposit": {"POST": ABSENT},
    "p_nomineo.document": {"GET": ABSENT},
    "p_nomineo.issue": {"POST": ABSENT},
    "p_nomineo.message": {"POST": ABSENT},
    "p_nomineo.reception": {"GET": ABSENT, "POST": ABSENT},
    "p_nomineo.fill": {"GET": ABSENT, "POST": ABSENT},
    "p_nomineo.dispatch": {"GET": ABSENT, "POST": ABSENT},
    "p_nomineo.enrol": {"POST": Row(PARTNERS, DONE, ours=True)},
    "administration.identity": {"GET": Row(PEOPLE)},
    "administration.identity_post": {"POST": Row(PEOPLE, (422,))},
    "administration.appearance": {"GET": Row(PEOPLE)},
    "administration.appearance_theme": {"POST": Row(PEOPLE, (422,))},
    "administration.appearance_colours": {"POST": Row(PEOPLE, DONE)},
    "administration.appearance_contrast": {"GET": Row(PEOPLE)},
    "administration.appearance_logo": {"POST": Row(PEOPLE, (422,))},
    "administration.appearance_logo_remove": {"POST": Row(PEOPLE, (422,))},
    "administration.appearance_statement": {"POST": Row(PEOPLE, DONE)},
    "administration.appearance_sheet": {"GET": Row(PEOPLE)},
    "administration.people": {"GET": Row(PEOPLE)},
    **beside("administration.people", PEOPLE),
    "administration.person_new": {"GET": Row(PEOPLE)},
    "administration.person_new_post": {"POST": Row(PEOPLE, (422,))},
    "administration.person": {"GET": Row(PEOPLE, ours=True)},
    "administration.person_post": {"POST": Row(PEOPLE, (422,), ours=True)},
    "administration.person_access": {"POST": Row(PEOPLE, DONE, ours=True)},
    "administration.person_sessions": {"POST": Row(PEOPLE, DONE, ours=True)},
    "administration.person_factor": {"POST": Row(PEOPLE, DONE, ours=True)},
    "administration.person_invite": {"POST": Row(PEOPLE, DONE, ours=True)},
    "administration.profiles": {"GET": Row(PEOPLE)},
    "administration.profile_new": {"GET": Row(PEOPLE)},
    "administration.profile_new_post": {"POST": Row(PEOPLE, (422,))},
    "administration.profile": {"GET": Row(PEOPLE, ours=True)},
    "administration.profile_post": {"POST": Row(PEOPLE, (422,), ours=True)},
    "administration.profile_remove": {"POST": Row(PEOPLE, DONE, ours=True)},  # somebody has it: refused, and said there
    "administration.agencies": {"GET": Row(PEOPLE)},
    "administration.agency_new": {"GET": Row(PEOPLE)},
    "administration.agency_new_post": {"POST": Row(PEOPLE, (422,))},
    "administration.agency": {"GET": Row(PEOPLE, ours=True)},
    "administration.agency_post": {"POST": Row(PEOPLE, (422,), ours=True)},
    "administration.agency_remove": {"POST": Row(PEOPLE, DONE, ours=True)},
    "administration.security": {"GET": Row(PEOPLE)},
    "administration.security_factor": {"POST": Row(PEOPLE, DONE)},
    "administration.security_close": {"POST": Row(PEOPLE, DONE)},
    "administration.keys_renew": {"POST": Row(PARTNERS, (*DONE, 409))},  # one renewal at a time
    "administration.keys_withdraw": {"POST": Row(PARTNERS, (404,))},
    "administration.journal": {"GET": Row(PEOPLE)},
    **beside("administration.journal", PEOPLE),
    "administration.journal_check": {"GET": Row(PEOPLE)},
    "administration.journal_entry": {"GET": Row(PEOPLE, ours=True)},
    "administration.index": {"GET": Row("session", (302, 403))},
    "administration.modules": {"GET": Row(PARTNERS)},
    "administration.module": {"GET": Row(PARTNERS)},
    "administration.switch": {"POST": Row(PARTNERS, (422,))},
    "administration.connection": {"POST": Row(PARTNERS, DONE)},
    "administration.resume": {"POST": Row(PARTNERS, DONE)},
    "administration.settings": {"GET": Row(PARTNERS), "POST": Row(PARTNERS, (422,))},
    "services.index": {"GET": SIGNED},
    # of a module in which a person may set nothing
    "services.module": {"GET": Row("session", (404,)), "POST": Row("session", (404,))},
    "subscription.index": {"GET": SIGNED},
    "subscription.ask": {"POST": Row("session", (404,))},
}  # fmt: skip
#: They end the walker's own session; `tests/core/auth` tries them.
ENDING = {"auth.sign_out", "account.end_all"}
FIXED = {
    "section": "situation", "paper": "LETTRE_MISSION",
    "key": "comptes", "plugin": "nomineo", "step": "suspendre", "version": "0", "path": "aucun.css", "name": "default",
    "kind": "phone", "slug": "demo", "endpoint_id": "ep_inconnu", "chapter": "rechercher", "tutorial": "ajouter-un-contact",
    "number": "1", "upload_id": "0" * 26, "view_id": "0" * 26, "token_id": "0" * 26, "noun": "contacts",
    "journey_id": "0" * 26, "number_id": "0" * 26, "what": "etiquettes",
    "relation_id": "0" * 26, "member_id": "0" * 26,
    "import_id": "0" * 26, "target": "contacts", "feed_id": "0" * 26, "feed_account_id": "0" * 26,
    "merge_id": "0" * 26, "file_id": "0" * 26, "range_id": "0" * 26, "model_id": "0" * 26, "run_id": "0" * 26,
    "proposal_id": "0" * 26, "optimisation_id": "0" * 26,
    "act": "frais", "year": "2025", "day": "2020-01-01", "field_name": "title", "movement_id": "0" * 26,
    "batch_id": "0" * 26, "statement_id": "0" * 26, "plan_id": "0" * 26,
    "mark": f"demo.{'0' * 26}",
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, object]]:
    config = make_config(tmp_path_factory.mktemp("rights"))
    databases.ready(config.database_url)
    app = create_app(config)
    made = rights_world.build(app)
    yield made, config
    app.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def world(built: tuple[World, object]) -> World:
    made, config = built
    adopt(made.app, config)  # type: ignore[arg-type]
    return made


def rules(app: Flask) -> list[tuple[Rule, str]]:
    found = [
        (rule, method) for rule in app.url_map.iter_rules() for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    # the API's operations take a token, not a session: test_api_walls.py asks each of them
    return [(rule, method) for rule, method in found if rule.endpoint not in ENDING and not rule.endpoint.startswith("api.")]


def expected(profile: str, row: Row, whose: str) -> tuple[int, ...]:
    """The answers that are right."""
    if row.reach:
        width = WIDTH[profile].get(row.reach)
        return row.status if width is not None and whose in REACH[width] else (404,)
    if row.right in ("public", "machine", "session"):
        return row.status
    width = WIDTH[profile].get(row.right)
    if width is None:
        return (403,)
    if row.ours:
        return (404,) if whose == "foreign" else row.status
    if not row.client or whose in REACH[width]:
        return row.status
    seen = WIDTH[profile].get(row.right.replace(".edit", ".view"), "none")
    return (403,) if row.right.endswith(".edit") and whose in REACH.get(seen, ()) else (404,)


def values(world: World, rule: Rule, profile: str, whose: str) -> dict[str, str]:
    client = world.clients[whose]
    named = {
        **FIXED, "shelf": "supports", "owner_id": client.support,
        "contact_id": client.contact, "account_id": client.account, "support_id": client.support,
        "transaction_id": client.transaction, "document_id": client.document,
        "channel_id": client.channel.get(profile, "0" * 26),
        "user_id": world.strangers.adviser if whose == "foreign" else world.people.other,
        "agency_id": world.organisation[whose == "foreign"][0], "profile_id": world.organisation[whose == "foreign"][1],
        "entry_id": world.organisation[whose == "foreign"][2], "defined_id": world.defined[whose == "foreign"][2],
        "loan_id": client.loan, "item_id": client.loan, "line_id": client.line,
        "event_id": client.event, "pledge_id": client.pledge, **client.owned,
    }  # fmt: skip
    if rule.endpoint == "administration.agency_remove" and whose != "foreign":
        named["agency_id"] = world.new_agency()
    if rule.endpoint == "p_patrimoine.budget_remove":
        named["line_id"] = world.new_line(whose)
    if rule.endpoint == "p_ged.document_remove":
        named["paper_id"] = world.new_paper(whose)
    if rule.endpoint == "p_ged.shelf_document_remove":
        named["shelved_id"] = world.new_shelved(whose)
    if rule.endpoint == "p_ged.internal_remove":
        named["internal_id"] = world.new_internal(whose)
    if rule.endpoint in ("p_portefeuille.account_archive", "p_portefeuille.account_remove"):
        named["account_id"] = world.new_account(whose)
    if rule.endpoint == "search.group":
        named["plugin"] = "portefeuille"
    if "form" in rule.arguments:
        named["form"] = world.form(profile, whose)
    return {name: named[name] for name in rule.arguments}


def ask(world: World, rule: Rule, method: str, profile: str, whose: str, token: str) -> tuple[str, int]:
    """One request of one person about one client's things."""
    url = world.app.url_map.bind("127.0.0.1:8000").build(rule.endpoint, values(world, rule, profile, whose))
    browser = world.browser(profile)
    if method == "GET":
        launch = world.clients[whose].launch.get(profile, "lch_inconnu")
        answer = browser.get(url, query_string={"launch": launch} if rule.endpoint == "links.returned" else None)
    else:
        sent = {"csrf_token": token, "state": "enrolled"}
        if rule.endpoint == "links.launch":
            sent["token"] = world.form(profile, whose)
        answer = browser.open(url, method=method, data=sent)
    status = answer.status_code
    answer.close()
    return url, status


def test_every_route_has_its_row(world: World) -> None:
    """A new route says here what it asks for; its row says what its policy says."""
    known = {(rule.endpoint, method) for rule, method in rules(world.app)}
    rows = {(endpoint, method) for endpoint, found in ROWS.items() for method in found}
    assert (sorted(known - rows), sorted(rows - known)) == ([], [])
    for rule, method in rules(world.app):
        declared = policy_of(world.app.view_functions[rule.endpoint])
        assert declared is not None, rule.endpoint
        right = ROWS[rule.endpoint][method].right
        assert right == (declared.permission or declared.kind), rule.endpoint
        if {"contact_id", "account_id", "transaction_id", "form"} & rule.arguments:
            assert ROWS[rule.endpoint][method].client, rule.endpoint


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("whose", list(CLIENTS))
def test_every_route_answers_as_it_should(world: World, profile: str, whose: str) -> None:
    """403 without the right, 404 for what is not within reach (and nothing written), the page for the rest."""
    token = two.token_of(world.browser(profile))
    wrong, before = [], two.digest(world.people.cabinet_id) if whose == "foreign" else ""
    for rule, method in rules(world.app):
        row = ROWS[rule.endpoint][method]
        if whose != "own" and not (row.client or row.ours):
            continue  # it names nobody: one's own is as good as another's
        if row.right in ("public", "machine") and profile != PROFILES[0]:
            continue
        url, status = ask(world, rule, method, profile, whose, token)
        if status not in expected(profile, row, whose):
            wrong.append(f"{method} {url}: {status}, not {expected(profile, row, whose)}")
    assert not wrong, "\n".join(wrong)
    if before:
        assert two.digest(world.people.cabinet_id) == before


def lists(world: World, profile: str) -> dict[str, str]:
    """What each place that names several clients says to this person."""
    browser: FlaskClient = world.browser(profile)
    support = world.clients["own"].support
    words = [*CLIENTS.values(), *NUMBERS.values(), "jeanne", "himalia", "himala"]
    places = {
        "contacts": "/p/contacts/", "contacts filtered": "/p/contacts/?q=jeanne", "accounts": "/p/portefeuille/comptes",
        "accounts filtered": "/p/portefeuille/comptes?q=jeanne", "support": f"/p/outils/supports/{support}",
        "notifications": "/notifications", "live": "/live?after=0",
        **{f"search {word}": f"/recherche?q={word}" for word in words},
        **{f"group {key} {word}": f"/recherche/{key}?q={word}" for key in GROUPS for word in words},
    }  # fmt: skip
    return {name: browser.get(url).get_data(as_text=True).replace(url, "") for name, url in places.items()}


GROUPS = ("contacts/contacts", "portefeuille/comptes", "outils/supports")


@pytest.mark.parametrize("profile", PROFILES)
def test_lists_name_those_within_reach_only(world: World, profile: str) -> None:
    """Lists, filters, search and its groups, holders of a support, notifications, live: all of one's reach, nobody else."""
    inside = REACH[WIDTH[profile]["contacts.view"]]
    met: set[str] = set()
    for place, said in lists(world, profile).items():
        for whose, name in CLIENTS.items():
            client = world.clients[whose]
            asked = place.rsplit(" ", 1)[-1]
            marks = [mark for mark in (name, NUMBERS[whose], client.contact, client.account, client.transaction) if mark != asked]
            seen = [mark for mark in marks if re.search(re.escape(mark), said)]
            if whose not in inside:
                assert seen == [], (place, whose, seen)
            elif seen:
                met |= {f"{place}:{whose}"}
    for place in ("contacts", "accounts", "support", "notifications", "live", "group contacts/contacts jeanne"):
        for whose in inside:
            assert f"{place}:{whose}" in met, (place, whose)


def test_an_act_shown_to_somebody_else_is_not_launched(world: World) -> None:
    """PLP-053: the form of another person, on a client that one follows: refused, whatever the rights."""
    token = two.token_of(world.browser("CONSEILLER"))
    form = world.form("CONSEILLER", "own", ours=False)
    answer = world.browser("CONSEILLER").post("/plp/launches", data={"csrf_token": token, "token": form})
    assert answer.status_code == 409
    assert world.browser("CONSEILLER").get(f"/plp/launches/{form}").status_code == 404
