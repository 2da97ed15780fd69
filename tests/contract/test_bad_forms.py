"""«Bad input» on every form of the product, found from the URL map: what is wrong is said, nothing is lost or half-written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema
from marshmallow import fields as plain
from sqlalchemy import delete
from sqlalchemy import select

from core.auth.models import Attempts
from core.contacts.models import Contact
from core.contacts.models import ContactAddress
from core.contacts.models import ContactBank
from core.contacts.models import ContactEmail
from core.contacts.models import ContactPhone
from core.contacts.relation_models import Relation
from core.extensions import db
from core.links.models import Mandate
from core.web.fields import Text
from core.web.policy import policy_of
from tests.conftest import sign_in
from tests.contract import forms_found as found
from tests.contract import two_cabinets as two
from tests.contract.conftest import House
from tests.contract.forms_found import FoundForm
from tests.contract.forms_found import Page
from tests.contract.test_second_cabinet import ARGUMENTS
from tests.contract.test_second_cabinet import COMMON

pytestmark = pytest.mark.xdist_group("walls")

BOSS = "administrateur@demo.example"
CHANNELS = {"phone": ContactPhone, "email": ContactEmail, "address": ContactAddress, "bank": ContactBank}
#: Pages whose form depends on what kind of contact it is.
OF_EACH_KIND = frozenset({"p_contacts.edit", "p_contacts.member_add", "p_contacts.channel_add"})
#: States of the mandate in which its forms are shown.
STATES = ("issued", "completed", "sent", "received", "active")
#: Ask the partner, or never end; their forms have buttons alone.
ASKING = frozenset({"links.actions", "links.types", "live_stream", "p_nomineo.blank"})
#: Posted with a code that only a phone, a mail or a former step gives: `test_auth_forms.py` walks them.
ELSEWHERE = frozenset({"auth_step.code", "auth_step.enrol", "auth_step.recovery", "auth_reset.choose"})

#: Forms of several on a page, or of a page that only a POST shows: tests/core/shell/test_saved_views.py and
#: tests/plugins/contacts/test_list.py. Those of `core.auth.schemas`: test_auth_forms.py.
APART = {
    ("core.shell.list_pages", "ViewForm"), ("plugins.contacts.selection_views", "HandOverForm"),
    # tests/plugins/contacts/test_dossier.py
    ("plugins.contacts.sorting_views", "CategoryForm"), ("plugins.contacts.sorting_views", "LabelsForm"),
    # of a file that was sent: tests/plugins/contacts/test_import_pages.py
    # behind a link of a mail: tests/core/signing
    ("core.signing.forms", "RefuseForm"), ("core.signing.forms", "SignForm"), ("core.signing.forms", "PaperForm"),
    ("core.imports.pages", "RulesForm"), ("core.imports.pages", "SheetForm"),
    # of an account that a file names: tests/plugins/aggregation/pipeline
    ("plugins.aggregation.pipeline.forms", "AttachForm"), ("plugins.aggregation.pipeline.forms", "CreateForm"),
    # of an account that no partner feeds: tests/plugins/portefeuille/test_by_hand.py
    ("plugins.portefeuille.account_forms", "ValueForm"), ("plugins.portefeuille.account_forms", "MovementForm"),
    ("plugins.portefeuille.line_forms", "LinesForm"),
    ("plugins.outils.file_views", "FileForm"),  # likewise: tests/plugins/outils/test_files.py
    ("core.files.photo_views", "PhotoForm"),  # a file alone: tests/core/files/test_photos.py
    ("plugins.patrimoine.balance_views", "OnForm"),  # asked in the address: tests/plugins/patrimoine/test_balance_pages.py
    ("plugins.portefeuille.situation_views", "OnForm"),  # likewise: tests/plugins/portefeuille/test_situation_pages.py
    ("plugins.portefeuille.audit_views", "DayForm"),  # likewise: tests/plugins/portefeuille/test_audit_pages.py
    ("plugins.portefeuille.statements.asking", "StatementForm"),  # likewise: tests/plugins/portefeuille/test_statement_pages.py
    # while a module sends: tests/plugins/portefeuille/test_statement_sending.py
    ("plugins.portefeuille.statements.sending", "SendForm"),
    ("plugins.portefeuille.performance_views", "PeriodForm"),  # likewise: tests/plugins/portefeuille/test_performance.py
    ("plugins.outils.portfolios.run_views", "RunForm"),  # of accounts that were ticked: tests/plugins/outils/test_model_runs.py
    ("plugins.outils.compare_views", "PeriodForm"),  # likewise: tests/plugins/outils/test_compare.py
    ("plugins.patrimoine.budget_forms", "DayForm"),  # likewise: tests/plugins/patrimoine/test_budget_pages.py
    ("plugins.patrimoine.loan_forms", "WhatIfForm"),  # asked in the address: tests/plugins/patrimoine/test_loan_pages.py
    # the other steps of a questionnaire, its last page: tests/plugins/conformite/test_profile_pages.py
    ("plugins.conformite.profile_forms", "ConnaissanceForm"), ("plugins.conformite.profile_forms", "ToleranceForm"),
    ("plugins.conformite.profile_forms", "ObjectifsForm"), ("plugins.conformite.profile_forms", "DurabiliteForm"),
    ("plugins.conformite.profile_forms", "EstablishForm"),
    # the other documents, of which two ask for nothing: tests/plugins/conformite/test_paper_pages.py
    *(("plugins.conformite.papers.forms", f"{name}Form") for name in ("Der", "Recueil", "Profil", "Adequation")),
    ("plugins.fiscalite.schemas", "WhatIfForm"),  # of what was declared: tests/plugins/fiscalite/test_pages.py
    ("core.admin.appearance", "LogoForm"),  # likewise: tests/core/admin/test_appearance.py
    # degrees, and the address of a geocoder: tests/plugins/contacts/test_map.py
    ("plugins.contacts.map_views", "PlaceForm"), ("plugins.contacts.settings", "ContactsSettings"),
}  # fmt: skip
#: Endings of the pages beside a list, whose forms are boxes and one name; the style guide's keep nothing.
BESIDE = ("_columns", "_export", "_view", "_views")

#: The forms of a house: found once for the tests of this file.
KNOWN: dict[str, dict[str, tuple[FoundForm, Schema | None]]] = {}


def one(cabinet: int, model: Any, *where: Any) -> str | None:
    with db.session(cabinet, write=False) as session:
        return session.scalars(select(model.id).where(*where).limit(1)).first()


def addresses(house: House) -> Iterator[str]:
    """Every page of ours that a signed-in person may ask for, once for each kind of what it shows."""
    ours, adapter = house.first, house.app.url_map.bind("127.0.0.1")
    people = [one(ours.cabinet_id, Contact, Contact.kind == kind) for kind in ("PERSONNE_PHYSIQUE", "PERSONNE_MORALE", "FOYER")]
    for rule in house.app.url_map.iter_rules():
        declared = policy_of(house.app.view_functions[rule.endpoint])
        if "GET" not in (rule.methods or ()) or declared is None or declared.kind not in ("session", "permission"):
            continue
        if rule.endpoint in ASKING:
            continue
        values = {name: ARGUMENTS[name](ours) if name in ARGUMENTS else COMMON[name] for name in rule.arguments}
        for kind, model in CHANNELS.items() if "kind" in rule.arguments else [("", None)]:
            held = one(ours.cabinet_id, model) if "channel_id" in rule.arguments and model is not None else None
            if held is not None and model is not None:
                with db.session(ours.cabinet_id, write=False) as session:
                    of = session.scalars(select(model.contact_id).where(model.id == held)).one()
                values |= {"channel_id": held, "contact_id": of}
            for contact in people if rule.endpoint in OF_EACH_KIND else [values.get("contact_id")]:
                given = {**values, "kind": kind, "contact_id": contact}
                yield adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments})
    for what in ("champs", "categories"):  # that of labels is in the walk
        yield adapter.build("p_contacts.setting_new", {"what": what})
    with db.session(ours.cabinet_id, write=False) as session:
        union = session.scalars(select(Relation).where(Relation.kind == "CONJOINT", Relation.until.is_(None))).first()
        assert union is not None
    yield adapter.build("p_contacts.relation_end", {"contact_id": union.a_id, "relation_id": union.id})
    for plugin in ("aggregation", "conformite", "patrimoine", "portefeuille"):  # each plugin's settings are a form of its own
        yield adapter.build("administration.settings", {"plugin": plugin})


@pytest.fixture
def boss(house: House) -> Iterator[FlaskClient]:
    """The administrator: every form is open to her. What stops a form without its token is tried elsewhere."""
    client = house.app.test_client()
    sign_in(client, BOSS)
    house.app.config["WTF_CSRF_ENABLED"] = False
    with db.session(house.first.cabinet_id, write=False) as session:
        before = session.scalars(select(Mandate.state)).one()
    yield client
    house.app.config["WTF_CSRF_ENABLED"] = True
    in_state(house, before)


def in_state(house: House, state: str) -> None:
    with db.session(house.first.cabinet_id) as session:
        session.scalars(select(Mandate)).one().state = state


def forms_of(house: House, boss: FlaskClient) -> dict[str, tuple[FoundForm, Schema | None]]:
    """Address and fields → each form that a person fills and posts, with its schema where it has one."""
    kept = KNOWN.setdefault(str(house.folder), {})
    if kept:
        return kept
    for state in STATES:
        in_state(house, state)
        for address in addresses(house):
            if state != STATES[0] and "/activation" not in address:
                continue
            seen = found.Seen()
            with seen.watching():
                answer = boss.get(address)
                if answer.mimetype != "text/html" or answer.status_code != 200:
                    continue
                for form in Page(answer.get_data(as_text=True), address).forms:
                    if form.method.lower() == "post" and form.asked:
                        in_state(house, state)
                        schema = seen.of(form) or checked_by(boss, seen, form)
                        kept.setdefault(f"{state} {form.action} {sorted(form.asked)}", (form, schema))
    return kept


def checked_by(boss: FlaskClient, seen: found.Seen, form: FoundForm) -> Schema | None:
    """The schema that judges a form which the page draws itself: sent empty, it is refused."""
    boss.post(form.action, data=dict.fromkeys(form.asked, ""))
    forget_tries()
    return seen.of(form)


def forget_tries() -> None:
    with db.session(None) as session:
        session.execute(delete(Attempts))


def variants(schema: Schema) -> Iterator[dict[str, str]]:
    """What decides which fields are asked for: each of its values."""
    whens = {one.metadata["when"][0]: set[str]() for one in schema.fields.values() if one.metadata.get("when")}
    for one in schema.fields.values():
        if one.metadata.get("when"):
            whens[one.metadata["when"][0]] |= set(one.metadata["when"][1])
    yield from ({name: value} for name, values in whens.items() for value in sorted(values))
    if not whens:
        yield {}


class Trial:
    """One form, sent again and again with what is wrong; faults are gathered with what was sent."""

    def __init__(self, house: House, boss: FlaskClient, name: str, form: FoundForm, schema: Schema) -> None:
        self.house, self.boss, self.name, self.form, self.schema = house, boss, name, form, schema
        self.faults: list[str] = []
        self.state = name.split()[0]

    def send(self, values: dict[str, Any], *, wrong: set[str], fine: frozenset[str] | set[str] = frozenset()) -> None:
        """Post; `wrong` must each have their error, `fine` none, and all that was typed must still be there."""
        if not wrong:
            return
        self.prepare()
        answer = self.boss.post(self.form.action, data=values)
        told = {name: str(value)[:30] for name, value in values.items() if name in wrong | fine}
        if answer.status_code != 422:
            self.faults.append(f"{self.name}: {answer.status_code} ← {told}")
            return
        page = Page(answer.get_data(as_text=True), self.form.action)
        form = page.form_for(self.form)
        if form is None or not page.summary or not page.title.startswith("Erreur"):
            self.faults.append(f"{self.name}: no form, no summary, or a title without «Erreur» ← {told}")
            return
        for name in wrong:
            said = " ".join(page.texts.get(f"f-{name}-e", "").split())
            box = form.boxes[name]
            beside = box.kind in ("radio", "check") or f"f-{name}-e" in box.described
            if len(said) < 8 or name not in page.linked or not beside:
                self.faults.append(f"{self.name}: {name}: no error beside it and in the summary ← {values.get(name, '')!r:.40}")
            elif re.search(r"[Ii]nvalid|Missing|Not a valid|required|Unknown|Longer", said):
                self.faults.append(f"{self.name}: {name}: English: {said}")
        self.faults += [
            f"{self.name}: {name}: refused though it is fine ← {values.get(name)!r:.60}: {page.texts[f'f-{name}-e']}"
            for name in fine if f"f-{name}-e" in page.texts
        ]  # fmt: skip
        for name in self.typed() & set(values):
            shown = form.boxes[name].value
            if not same(shown, values[name]):
                self.faults.append(f"{self.name}: {name}: lost what was typed: {values[name]!r:.40} → {shown!r:.40}")
        if "<script>alert" in answer.get_data(as_text=True):
            self.faults.append(f"{self.name}: HTML obeyed")

    def begin(self) -> None:
        """Before all: what the form needs to be there."""
        in_state(self.house, self.state)

    def prepare(self) -> None:
        """Before each post."""

    def typed(self) -> set[str]:
        """The fields whose text can be shown again."""
        return {name for name, box in self.form.asked.items() if box.kind not in ("password", "file", "select", "radio", "check")}

    def run(self) -> list[str]:
        """All rounds, for each set of fields that the form may ask for: once, however many choices ask for it."""
        tried: set[frozenset[str]] = set()
        self.begin()
        for chosen in variants(self.schema):
            base = {**self.form.values(), **chosen}
            asks = {name for name in self.form.asked if name in self.schema.fields and self.schema.asks(name, base)}
            if asks in tried:
                continue
            tried.add(frozenset(asks))
            fields = {name: self.schema.fields[name] for name in asks}
            texts = {name for name, one in fields.items() if isinstance(one, Text) and name in self.typed()}
            must = {name for name, one in fields.items() if one.metadata.get("required") or one.required}
            self.send({**base, **dict.fromkeys(texts | (must - set(chosen)), "")}, wrong=must - set(chosen))
            lists = {name for name in asks - set(chosen) if self.form.boxes[name].kind in ("select", "radio")}
            long = {name: too_long(fields[name]) for name in texts}
            refused = [*(dealt(texts, found.CONTROLS, turn) for turn in range(2)), long]
            figures = sorted(name for name, one in fields.items() if type(one) in found.WRONG)
            for turn, bad in enumerate(refused):  # texts and figures at once: none of them hides what is said of another
                for place, name in enumerate(figures):  # three of the five that are wrong, others for the next field
                    values = found.WRONG[type(fields[name])]
                    bad[name] = values[(2 * place + turn) % len(values)]
                self.send({**base, **bad}, wrong=set(bad))
            self.send({**base, **dict.fromkeys(lists, "PAS_DANS_LA_LISTE")}, wrong=lists)
            self._accepted(base, fields, must - set(chosen))
        return self.faults

    def _accepted(self, base: dict[str, Any], fields: dict[str, plain.Field[Any]], must: set[str]) -> None:
        """What is right, or harmless, is refused by no field; one other field left empty keeps all from being written."""
        must -= {"birth_name"}  # a name of use stands for it
        empty = next(iter(sorted(must, key=lambda name: self.form.boxes[name].kind != "select")), None)
        if empty is None:
            return
        right = {name: found.RIGHT[type(one)] for name, one in fields.items() if type(one) in found.RIGHT and name != empty}
        free = {
            name for name, one in fields.items()
            if type(one) is Text and name in self.typed() and name != empty and limit(one) >= 200
        }  # fmt: skip
        for turn in range(2):
            harmless = dealt(free, found.HARMLESS, turn)
            if right or harmless:
                self.send({**base, **right, **harmless, empty: ""}, wrong={empty}, fine={*right, *harmless})


def dealt(names: set[str], texts: tuple[str, ...], turn: int) -> dict[str, str]:
    """Each field another of the texts; the next one at the next turn."""
    return {name: texts[(place + turn) % len(texts)] for place, name in enumerate(sorted(names))}


def too_long(one: plain.Field[Any]) -> str:
    """More than the field takes."""
    return found.LONG * (1 + limit(one) // len(found.LONG))


def limit(one: plain.Field[Any]) -> int:
    """How long a free text may be; 0 where it has a form of its own."""
    return next((rule.max for rule in one.validators if hasattr(rule, "max") and rule.max), 0)


def same(shown: str, typed: Any) -> bool:
    """As a browser would show it: line ends alike, blanks around dropped, a sign for NUL."""
    return "\n".join(str(shown).split()) == "\n".join(str(typed).replace("\0", "\ufffd").split())


def test_every_form_says_what_is_wrong_and_loses_nothing(house: House, boss: FlaskClient) -> None:
    """Issue 3, «Bad input»; ux.md §2.11: beside the field and in the summary, typed text kept, no row changed, never a 500."""
    known = forms_of(house, boss)
    schemas = {type(schema) for _form, schema in known.values() if schema is not None}
    unseen = {kind for kind in set(found.kinds()) - schemas if (kind.__module__, kind.__name__) not in APART}
    unseen = {kind for kind in unseen if kind.__module__ != "core.auth.schemas"}
    assert unseen == set(), "no page shows these: say to `addresses` or STATES how to come to them"
    in_state(house, STATES[0])
    before, faults = two.digest(house.first.cabinet_id), []
    for name, (form, schema) in known.items():
        if schema is not None:
            faults += Trial(house, boss, name, form, schema).run()
    in_state(house, STATES[0])
    assert not faults, "\n".join(faults)
    assert two.digest(house.first.cabinet_id) == before


def test_forms_without_a_schema_hold_out_too(house: House, boss: FlaskClient) -> None:
    """Issue 3, «Bad input»: passwords, codes, enrolments: empty is said; the oddest text is a French page, never a 500."""
    bare = [
        (name, form) for name, (form, schema) in forms_of(house, boss).items()
        if schema is None and "/liste/vues" not in form.action and not form.action.startswith("/styleguide")
    ]  # fmt: skip
    anonymous = house.app.test_client()
    for path in ("/connexion", "/mot-de-passe/oublie"):
        bare += [(path, form) for form in Page(anonymous.get(path).get_data(as_text=True), path).forms]
    assert len(bare) >= 4
    before, faults = two.digest(house.first.cabinet_id), []
    for name, form in bare:
        client = anonymous if name.startswith("/") else boss
        must = {box.name for box in form.asked.values() if box.required}
        for text in ("", *found.CONTROLS, found.LONG, *found.HARMLESS):
            forget_tries()
            if not text and not must:
                continue
            answer = client.post(form.action, data={**form.values(), **dict.fromkeys(form.asked, text)})
            page = Page(answer.get_data(as_text=True), form.action)
            if answer.status_code >= 500 or answer.status_code == 400 or (answer.status_code == 422 and not page.summary):
                faults.append(f"{name}: {answer.status_code} ← {text!r:.30}")
            if not text and (answer.status_code != 422 or not must - {"new_again"} <= page.linked):
                faults.append(f"{name}: empty: {answer.status_code}, said of {page.linked}, not of {must - page.linked}")
            if "<script>alert" in answer.get_data(as_text=True):
                faults.append(f"{name}: HTML obeyed")
    forget_tries()
    assert not faults, "\n".join(faults)
    assert two.digest(house.first.cabinet_id) == before


def test_every_form_that_is_posted_is_tried(house: House, boss: FlaskClient) -> None:
    """Issue 3: a new route that takes what a person types has its form on a page of the walk, or its own tests."""
    tried = {form.action for form, _schema in forms_of(house, boss).values()}
    adapter = house.app.url_map.bind("127.0.0.1")
    reached = {adapter.match(action.split("?")[0], method="POST")[0] for action in tried}
    typing = set()
    for rule in house.app.url_map.iter_rules():
        declared = policy_of(house.app.view_functions[rule.endpoint])
        if "POST" in (rule.methods or ()) and declared is not None and declared.kind in ("session", "permission"):
            typing.add(rule.endpoint)
    pressed = {
        "account.end_all", "account.end_others", "account.end_session", "account.factor_begin", "account.stay", "auth.sign_out",
        "links.launch", "notifications.mark_all_read", "photos.remove", "p_fiscalite.calculate", "p_aggregation.refresh",
        "p_contacts.number_remove", "p_contacts.unarchive", "p_contacts.setting_state",
        "p_contacts.channel_remove", "p_contacts.channel_verify", "p_contacts.relation_remove", "p_contacts.spouse_align",
        "p_contacts.household_make", "p_contacts.member_attach", "p_contacts.member_remove",
        "p_nomineo.issue", "styleguide.confirm", "p_contacts.twins_apart", "p_contacts.merge_undo",
        "p_patrimoine.loan_event_remove", "p_patrimoine.asset_value_remove", "p_patrimoine.rent_remove",
        "p_patrimoine.budget_remove", "p_conformite.profile_drop", "p_conformite.vigilance_validate",
        "p_conformite.operation_validate", "p_conformite.project_archive", "p_conformite.project_restore",
        "signing.cancel", "signing.remind",
        "p_ged.document_remove", "p_ged.document_restore", "p_ged.shelf_document_remove", "p_ged.shelf_document_restore",
        "p_ged.category_order", "p_ged.category_archive", "p_ged.category_restore",
        "p_ged.internal_read", "p_ged.internal_remind",
        "p_ged.internal_remove",
        "p_outils.support_file_apply", "p_outils.support_file_undo", "p_outils.support_file_drop",
        "p_outils.range_archive", "p_outils.range_restore", "p_outils.favourite",
        "p_outils.model_archive", "p_outils.model_restore", "p_outils.proposal_prepare", "p_outils.account_follow",
        "p_outils.support_withdraw", "p_outils.support_price_remove",
        "p_portefeuille.account_archive", "p_portefeuille.account_restore", "p_portefeuille.account_remove",
        "p_portefeuille.account_release", "p_portefeuille.account_value_remove", "p_portefeuille.account_movement_remove",
        "p_portefeuille.typed_execute", "p_portefeuille.typed_cancel", "p_portefeuille.typed_take_back",
        "p_portefeuille.plan_suspend", "p_portefeuille.plan_resume", "p_portefeuille.plan_end", "p_portefeuille.plan_prepare",
        "p_portefeuille.plan_execute", "p_portefeuille.plan_pass",
        "p_portefeuille.statement_retry", "p_portefeuille.statement_batch_retry",
        "p_portefeuille.match_confirm", "p_portefeuille.match_refuse", "p_portefeuille.match_undo",
    }  # fmt: skip
    # ask for a proof: test_auth_forms.py
    codes = {"account.factor_codes", "account.factor_remove", "account.factor_post", "tokens.make"}
    # what they take is no form's text: tests/core/files, test_undo, test_notices, test_own_file, test_list, test_channels
    own = {
        "uploads.deposit", "uploads.remove", "undo.take_back", "notifications.mark_some_read", "notifications.dismiss_some",
        "profile.single_keys",
        # of a file that was deposited: tests/plugins/aggregation/pipeline
        "p_aggregation.link", "p_aggregation.link_create", "p_aggregation.link_ignore", "p_aggregation.link_detach",
        "p_aggregation.file_apply", "p_aggregation.file_undo", "p_aggregation.file_put_aside",
        "p_aggregation.confirm_key",  # of a server that was asked: likewise, test_collecting.py
        # files: tests/plugins/ged/test_pages.py, test_shelves.py, test_internal.py
        "p_ged.shelf_document_version", "p_ged.shelf_document_new",
        "p_ged.document_version", "p_ged.document_new", "p_ged.internal_new", "p_ged.internal_version",
        # asked in the address, of what was chosen: tests/plugins/portefeuille/test_statement_pages.py, test_statement_batches.py
        "p_portefeuille.statement_keep", "p_portefeuille.statement_batch_new",
        # while a module sends: tests/plugins/portefeuille/test_statement_sending.py
        "p_portefeuille.statement_send", "p_portefeuille.statement_batch_send",
        # of an account that no partner feeds: tests/plugins/portefeuille/test_by_hand.py
        "p_portefeuille.account_value", "p_portefeuille.account_lines", "p_portefeuille.account_movement",
        "p_portefeuille.typed_new", "p_portefeuille.typed_edit",  # test_typed_pages.py
        "p_portefeuille.plan_new", "p_portefeuille.plan_edit",  # test_plans.py
        "administration.switch", "administration.resume", "administration.connection",
        # tests/contract/test_native_journey.py: no bundled partner has an act that is typed here
        "journeys.begin", "journeys.fill", "journeys.confirm", "journeys.give_up",
        # of accounts that were ticked: tests/plugins/outils/test_model_followers.py, test_model_runs.py
        "p_outils.model_follow", "p_outils.model_leave", "p_outils.run_new",
        "p_outils.favourites",  # an order: tests/plugins/outils/test_ranges.py
        "p_outils.support_files",  # likewise: tests/plugins/outils/test_files.py
        # tests/plugins/contacts/test_import_pages.py: they need a file
        "imports.choose", "imports.begin", "imports.stop", "imports.undo", "imports.give_up",
        # buttons of tests/core/admin
        "administration.person_access", "administration.person_sessions", "administration.person_factor",
        "administration.person_invite", "administration.profile_remove", "administration.agency_remove",
        "administration.security_factor", "administration.security_close", "tokens.revoke",
        "administration.keys_renew", "administration.keys_withdraw",
        "subscription.ask", "services.module",  # the latter: tests/core/hooks/test_own_settings.py
        "administration.appearance_theme", "administration.appearance_logo", "administration.appearance_logo_remove",
        "styleguide.order", "styleguide.reversible", "p_contacts.hand_over", "p_contacts.channel_order",
        "p_contacts.categorise", "p_contacts.label", "p_contacts.setting_order",  # tests/plugins/contacts/test_dossier.py
        # choices between two files; where an address lies: tests/plugins/contacts/test_merging.py, test_map.py
        "p_contacts.merge", "p_contacts.merge_two", "p_contacts.place",
        # behind a link of a mail, or of a request that is under way: tests/core/signing
        "signature.sign", "signature.refuse", "signing.sign_here", "signing.on_paper",
            "proofs.make", "privacy.as_json", "privacy.as_pdf",  # buttons: tests/core/proofs, tests/core/privacy
        "p_conformite.profile_establish",  # of a questionnaire that is answered whole: tests/plugins/conformite
        "p_fiscalite.what_if",  # asks for a declaration first: tests/plugins/fiscalite
    }  # fmt: skip
    typing = {endpoint for endpoint in typing - own if not endpoint.endswith(BESIDE)}
    drawn = {"p_nomineo.message", "p_nomineo.decide"}  # buttons of forms that are tried
    assert typing - reached - pressed - codes - drawn - ELSEWHERE == set(), "say what these are, or show their form on a page"
