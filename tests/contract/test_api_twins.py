"""Whatever the pages read or do, a program can (PL-09): each route has its operation, or a reason why it has none."""

from __future__ import annotations

from flask import Flask

from core.rest.operations import Operation
from core.rest.operations import Resource

#: Route → the operations that do as much. A list's export is its pages, one after the other.
TWINS: dict[str, tuple[str, ...]] = {
    "profile.index": ("me_show",), "profile.save": ("me_change",), "profile.single_keys": ("me_change",),
    "notifications.index": ("notifications_listed",), "notifications.latest": ("notifications_listed",),
    "notifications.mark_all_read": ("notifications_read",), "notifications.mark_some_read": ("notifications_read",),
    "notifications.dismiss_some": ("notifications_dismiss",),
    "search.index": ("search_found",), "search.group": ("search_found",),
    "p_contacts.index": ("contacts_listed",), "p_contacts.index_export": ("contacts_listed",),
    "p_contacts.new": ("contacts_create",),
    "p_contacts.contact": ("contacts_show", "contacts_numbers_listed", "contacts_numbers_show"),
     "p_contacts.edit": ("contacts_change",),
    "p_contacts.history": ("contacts_changes",), "p_contacts.hand_over": ("contacts_hand_over",),
    "p_contacts.channels": ("contacts_channels_listed",), "p_contacts.channel_add": ("contacts_channels_add",),
    "p_contacts.channel_change": ("contacts_channels_show", "contacts_channels_change"),
    "p_contacts.channel_verify": ("contacts_channels_verify",),
    "p_contacts.relations": ("contacts_relations_listed", "contacts_family", "contacts_structure", "contacts_members"),
    "p_contacts.relation_add": ("contacts_relations_add",),
    "p_contacts.relation_change": ("contacts_relations_show", "contacts_relations_change"),
    "p_contacts.relation_end": ("contacts_relations_end",), "p_contacts.relation_remove": ("contacts_relations_remove",),
    "p_contacts.spouse": ("contacts_relations_listed", "contacts_show"), "p_contacts.spouse_align": ("contacts_change",),
    "p_contacts.spouse_new": ("contacts_create", "contacts_relations_add"),
    "p_contacts.child_new": ("contacts_create", "contacts_relations_add"),
    "p_contacts.household_make": ("contacts_household_make",), "p_contacts.member_add": ("contacts_members_add",),
    "p_contacts.member_attach": ("contacts_members_change",), "p_contacts.member_remove": ("contacts_members_remove",),
    "p_contacts.channel_remove": ("contacts_channels_remove",), "p_contacts.channel_order": ("contacts_channels_order",),
    "p_contacts.categorise": ("contacts_categorise",), "p_contacts.label": ("contacts_label",),
    "p_contacts.number_add": ("contacts_numbers_add",), "p_contacts.number_remove": ("contacts_numbers_remove",),
    "p_contacts.archive": ("contacts_put_away",), "p_contacts.unarchive": ("contacts_take_back",),
    "p_contacts.settings": ("defined_fields_listed", "defined_categories_listed", "defined_labels_listed"),
    "p_contacts.setting_new": ("defined_field_create", "defined_category_create", "defined_label_create"),
    "p_contacts.setting_order": ("defined_fields_order", "defined_categories_order", "defined_labels_order"),
    "p_contacts.setting": (
        "defined_field_show", "defined_field_change", "defined_category_show", "defined_category_change", "defined_label_show",
        "defined_label_change",
    ),
    "p_contacts.setting_state": ("defined_field_remove", "defined_category_remove", "defined_label_remove"),
    "p_contacts.setting_merge": ("defined_category_merge", "defined_label_merge"),
    "p_contacts.twins": ("contacts_duplicates",), "p_contacts.twins_apart": ("contacts_duplicates_apart",),
    "p_contacts.merge": ("contacts_merge_preview", "contacts_merge"), "p_contacts.merge_two": ("contacts_merge_preview",),
    "p_contacts.merge_with": ("contacts_duplicates",), "p_contacts.merge_undo": ("contacts_merges", "contacts_merge_undo"),
    "p_contacts.map": ("contacts_nearby",), "p_contacts.map_doubts": ("contacts_unplaced",),
    "p_contacts.place": ("contacts_places_listed", "contacts_place"),
    "p_fiscalite.taxes": ("fiscalite_show",), "p_fiscalite.result": ("fiscalite_show",),
    "p_fiscalite.declare": ("fiscalite_show", "fiscalite_change"), "p_fiscalite.what_if": ("fiscalite_compare",),
    "p_fiscalite.calculate": ("fiscalite_calculate",),
    "p_portefeuille.portfolio": ("contacts_accounts", "contacts_wealth"),
    "p_portefeuille.situation": ("contacts_situation",), "p_portefeuille.audit": ("portefeuille_audit_show",),
    "p_portefeuille.statement": ("portefeuille_statements_show", "portefeuille_statements_listed"),
    "p_portefeuille.statement_file": ("portefeuille_statements_show",),
    "p_portefeuille.statement_keep": ("portefeuille_statements_make",),
    "p_portefeuille.statement_batches": ("portefeuille_batches_listed",),
    "p_portefeuille.statement_batch_new": ("portefeuille_batches_make",),
    "p_portefeuille.statement_batch": ("portefeuille_batches_show",),
    "p_portefeuille.statement_batch_status": ("portefeuille_batches_show",),
    "p_portefeuille.statement_batch_file": ("portefeuille_batches_content",),
    **{f"p_portefeuille.statement_batch_{what}": ("portefeuille_batches_send",) for what in ("send", "retry")},
    **{f"p_portefeuille.statement_{what}": ("portefeuille_statements_send",) for what in ("send", "retry")},
    "p_portefeuille.contact_accounts": ("contacts_accounts",),
    "p_portefeuille.accounts_list": ("accounts_listed",), "p_portefeuille.accounts_list_export": ("accounts_listed",),
    "p_portefeuille.account": ("accounts_show", "accounts_valuations"),
    "p_portefeuille.account_new": ("accounts_create",), "p_portefeuille.account_edit": ("accounts_change",),
    "p_portefeuille.account_people": ("accounts_roles",), "p_portefeuille.account_state": ("accounts_state",),
    "p_portefeuille.account_archive": ("accounts_archive",), "p_portefeuille.account_restore": ("accounts_restore",),
    "p_portefeuille.account_remove": ("accounts_remove",), "p_portefeuille.account_history": ("accounts_changes",),
    "p_portefeuille.account_correct": ("accounts_correct",), "p_portefeuille.account_release": ("accounts_release",),
    "p_portefeuille.account_lines": ("accounts_put_positions",), "p_portefeuille.account_value": ("accounts_valuations_add",),
    "p_portefeuille.account_value_remove": ("accounts_valuations_remove",),
    "p_portefeuille.account_movement": ("accounts_movements_add",),
    "p_portefeuille.account_movement_remove": ("accounts_movements_remove",),
    "p_portefeuille.account_supports": ("accounts_positions",),
    "p_portefeuille.typed_new": ("transactions_typed_add",), "p_portefeuille.typed_act": ("transactions_typed_show",),
    "p_portefeuille.typed_edit": ("transactions_typed_change",), "p_portefeuille.typed_execute": ("transactions_typed_execute",),
    "p_portefeuille.typed_cancel": ("transactions_typed_cancel",),
    "p_portefeuille.typed_take_back": ("transactions_typed_take_back",),
    "p_portefeuille.account_matches": ("accounts_matches",),
    "p_portefeuille.plans": ("portefeuille_plans_listed",), "p_portefeuille.account_plans": ("portefeuille_plans_of_account",),
    "p_portefeuille.plan_new": ("portefeuille_plans_create",), "p_portefeuille.plan": ("portefeuille_plans_show",),
    "p_portefeuille.plan_edit": ("portefeuille_plans_change",), "p_portefeuille.plan_suspend": ("portefeuille_plans_suspend",),
    "p_portefeuille.plan_resume": ("portefeuille_plans_resume",), "p_portefeuille.plan_end": ("portefeuille_plans_end",),
    "p_portefeuille.plan_prepare": ("portefeuille_plans_day_prepare",),
    "p_portefeuille.plan_execute": ("portefeuille_plans_day_execute",),
    "p_portefeuille.plan_pass": ("portefeuille_plans_day_pass",),
    "p_portefeuille.match_confirm": ("transactions_match_confirm",),
    "p_portefeuille.match_refuse": ("transactions_match_refuse",), "p_portefeuille.match_undo": ("transactions_match_undo",),
    "p_portefeuille.account_performance": ("accounts_performance",),
    "p_portefeuille.contact_performance": ("contacts_contact_performance",),
    "p_portefeuille.account_movements": ("accounts_movements_listed",),
    "p_portefeuille.account_movements_export": ("accounts_movements_listed",),
    "p_portefeuille.account_transactions": ("accounts_of_account",),
    "p_portefeuille.account_transactions_export": ("accounts_of_account",),
    "p_portefeuille.operations": ("accounts_of_account",), "p_portefeuille.transaction_status": ("transactions_transaction",),
    "p_portefeuille.transaction_history": ("transactions_history",), "links.return_status": ("transactions_transaction",),
    "p_outils.index": ("supports_listed",), "p_outils.index_export": ("supports_listed",),
    "p_outils.support": ("supports_show", "supports_known", "supports_prices_listed", "supports_holders"),
    "p_outils.prices_image": ("supports_prices_listed",),
    "p_outils.support_new": ("supports_create",), "p_outils.support_edit": ("supports_change", "supports_known"),
    "p_outils.support_withdraw": ("supports_withdraw",), "p_outils.support_price": ("supports_prices_add",),
    "p_outils.support_price_remove": ("supports_prices_remove",),
    "p_outils.support_files": ("outils_files_listed", "outils_files_receive"), "p_outils.support_file": ("outils_files_show",),
    "p_outils.support_file_apply": ("outils_files_apply",), "p_outils.support_file_undo": ("outils_files_undo",),
    "p_outils.support_file_drop": ("outils_files_drop",),
    "p_outils.ranges": ("outils_ranges_listed",), "p_outils.range_new": ("outils_ranges_create",),
    "p_outils.range_edit": ("outils_ranges_show", "outils_ranges_change"), "p_outils.range_archive": ("outils_ranges_archive",),
    "p_outils.range_restore": ("outils_ranges_restore",),
    "p_outils.models": ("outils_models_listed",), "p_outils.model_new": ("outils_models_create",),
    "p_outils.model": ("outils_models_show",), "p_outils.model_edit": ("outils_models_show", "outils_models_change"),
    "p_outils.model_versions": ("outils_models_versions",), "p_outils.model_archive": ("outils_models_archive",),
    "p_outils.model_restore": ("outils_models_restore",),
    "p_outils.model_followers": ("outils_followers_listed",), "p_outils.model_followers_export": ("outils_followers_listed",),
    "p_outils.model_accounts": ("accounts_listed", "outils_followers_listed"),
    "p_outils.model_accounts_export": ("accounts_listed",), "p_outils.model_follow": ("outils_followers_follow",),
    "p_outils.model_leave": ("outils_followers_leave",), "p_outils.account_model": ("outils_followers_show",),
    "p_outils.account_follow": ("outils_followers_follow", "outils_followers_leave"),
    "p_outils.runs": ("outils_runs_listed",), "p_outils.run_new": ("outils_runs_propose",),
    "p_outils.run": ("outils_runs_show", "outils_runs_proposals"), "p_outils.run_export": ("outils_runs_proposals",),
    "p_outils.proposal": ("outils_runs_proposal", "accounts_of_account"), "p_outils.proposal_prepare": ("outils_runs_prepare",),
    "p_outils.proposal_mark": ("outils_runs_mark",),
    "p_outils.optimisations": ("outils_optimisations_listed",), "p_outils.optimisation_new": ("outils_optimisations_ask",),
    "p_outils.optimisation": ("outils_optimisations_show",), "p_outils.optimisation_status": ("outils_optimisations_show",),
    "p_outils.optimisation_version": ("outils_optimisations_show", "outils_models_change"),
    "p_outils.favourites": ("outils_favourites_mine", "outils_favourites_order"),
    "p_outils.favourite": ("outils_favourites_star", "outils_favourites_unstar"),
    "p_outils.compare": ("supports_comparison",), "p_outils.compare_image": ("supports_comparison",),
    "journeys.begin": ("accounts_begin",), "journeys.show": ("journeys_show",), "journeys.step": ("journeys_show",),
    "journeys.status": ("journeys_show",), "journeys.fill": ("journeys_fill",), "journeys.confirm": ("journeys_confirm",),
    "journeys.give_up": ("journeys_abandon",),
    "p_aggregation.index": ("aggregation_feeds_listed", "aggregation_feeds_waiting", "aggregation_feeds_sources_listed"),
    "p_aggregation.sources": ("aggregation_feeds_sources_listed",),
    "p_aggregation.refresh": ("aggregation_feeds_source_refresh",),
    "p_aggregation.confirm_key": ("aggregation_feeds_source_key",),
    "p_aggregation.receive": ("aggregation_feeds_receive",), "p_aggregation.file_status": ("aggregation_feeds_show",),
    "p_aggregation.file": ("aggregation_feeds_show", "aggregation_feeds_steps"),
    "p_aggregation.file_apply": ("aggregation_feeds_apply",), "p_aggregation.file_undo": ("aggregation_feeds_undo",),
    "p_aggregation.file_put_aside": ("aggregation_feeds_put_aside",), "p_aggregation.origin": ("aggregation_feeds_origins",),
    "p_aggregation.link": ("aggregation_feeds_account", "aggregation_feeds_attach"),
    "p_aggregation.link_create": ("aggregation_feeds_create",), "p_aggregation.link_ignore": ("aggregation_feeds_ignore",),
    "p_aggregation.link_detach": ("aggregation_feeds_detach",),
    "imports.index": ("imports_listed",), "imports.new": ("imports_receive",), "imports.receive": ("imports_receive",),
    "imports.columns": ("imports_show",), "imports.choose": ("imports_choose",),
    "imports.show": ("imports_show", "imports_preview", "imports_lines"), "imports.status": ("imports_show",),
    "imports.errors_file": ("imports_lines",), "imports.begin": ("imports_begin",), "imports.stop": ("imports_stop",),
    "imports.undo": ("imports_undo",), "imports.give_up": ("imports_give_up",),
    "links.actions": ("accounts_actions",), "links.types": ("accounts_transaction_types",),
    "signing.new": ("signatures_ask",), "signing.ask": ("signatures_ask",), "signing.show": ("signatures_one",),
    "signing.remind": ("signatures_remind",), "signing.cancel": ("signatures_cancel",),
    "documents.preview": ("documents_document",), "documents.page": ("documents_content",),
    "documents.download": ("documents_content",), "p_nomineo.document": ("documents_content",),
    "p_patrimoine.balance": ("patrimoine_balance_show",),
    "p_patrimoine.loans": ("patrimoine_loans_listed", "patrimoine_pledges_listed"),
    "p_patrimoine.loan": ("patrimoine_loans_show", "patrimoine_loans_schedule", "patrimoine_loans_event_show"),
    "p_patrimoine.item": ("patrimoine_loans_show", "patrimoine_assets_show", "patrimoine_debts_show"),
    "p_patrimoine.assets": ("patrimoine_assets_listed",), "p_patrimoine.properties": ("patrimoine_assets_listed",),
    "p_patrimoine.asset": ("patrimoine_assets_show", "patrimoine_assets_value_show", "patrimoine_assets_rent_show"),
    "p_patrimoine.asset_new": ("patrimoine_assets_create",), "p_patrimoine.asset_edit": ("patrimoine_assets_change",),
    "p_patrimoine.asset_dispose": ("patrimoine_assets_dispose", "patrimoine_assets_restore"),
    "p_patrimoine.asset_value": ("patrimoine_assets_value_add",),
    "p_patrimoine.asset_value_remove": ("patrimoine_assets_value_remove",),
    "p_patrimoine.rent_new": ("patrimoine_assets_rent_add",), "p_patrimoine.rent_edit": ("patrimoine_assets_rent_change",),
    "p_patrimoine.rent_remove": ("patrimoine_assets_rent_remove",),
    "p_patrimoine.debts": ("patrimoine_debts_listed", "patrimoine_loans_listed"), "p_patrimoine.debt": ("patrimoine_debts_show",),
    "p_patrimoine.debt_new": ("patrimoine_debts_create",), "p_patrimoine.debt_edit": ("patrimoine_debts_change",),
    "p_patrimoine.debt_settle": ("patrimoine_debts_settle", "patrimoine_debts_reopen"),
    "p_patrimoine.loan_sheet": ("patrimoine_loans_schedule",),
    "p_patrimoine.loan_new": ("patrimoine_loans_create",), "p_patrimoine.loan_edit": ("patrimoine_loans_change",),
    "p_patrimoine.loan_close": ("patrimoine_loans_close", "patrimoine_loans_reopen"),
    "p_patrimoine.loan_event": ("patrimoine_loans_event_add",),
    "p_patrimoine.loan_event_remove": ("patrimoine_loans_event_remove",),
    "p_patrimoine.pledge_new": ("patrimoine_pledges_create",),
    "p_patrimoine.pledge_agree": ("patrimoine_pledges_agree",),
    "p_patrimoine.budget": ("patrimoine_budget_whole", "patrimoine_budget_listed", "patrimoine_budget_show"),
    "p_patrimoine.budget_new": ("patrimoine_budget_create",), "p_patrimoine.budget_quick": ("patrimoine_budget_create",),
    "p_patrimoine.budget_edit": ("patrimoine_budget_change",), "p_patrimoine.budget_remove": ("patrimoine_budget_remove",),
    "p_patrimoine.pledge_release": ("patrimoine_pledges_show", "patrimoine_pledges_release"),
    "administration.modules": ("plugins_listed",), "administration.module": ("plugins_show", "plugins_health"),
    "administration.switch": ("plugins_enable", "plugins_disable"), "administration.resume": ("plugins_resume",),
    "administration.connection": ("plugins_test",),
    "administration.settings": ("plugins_settings_show", "plugins_settings_change", "plugins_settings_forget"),
    "administration.keys_renew": ("keys_listed", "keys_renew"), "administration.keys_withdraw": ("keys_withdraw",),
    "services.index": ("plugins_settings_show", "me_settings_show"),
    "services.module": ("me_settings_show", "me_settings_change"),
    "subscription.index": ("plugins_listed",), "subscription.ask": ("plugins_ask",),
    "p_nomineo.activation": ("mandates_mandate", "mandates_mandates_listed"), "p_nomineo.advisers": ("mandates_advisers",),
    "p_nomineo.enrol": ("mandates_enrol",), "p_nomineo.dispatch": ("mandates_send",),
    "p_nomineo.blank": ("nomineo_mandate_blank",), "p_nomineo.issue": ("nomineo_mandate_issue",),
    "p_nomineo.fill": ("nomineo_mandate_fill",), "p_nomineo.deposit": ("nomineo_mandate_deposit",),
    "p_nomineo.message": ("nomineo_mandate_message",), "p_nomineo.reception": ("nomineo_mandate_reception",),
    "p_nomineo.confirm": ("nomineo_mandate_activation",),
    "p_nomineo.decide": ("mandates_suspend", "mandates_lift", "mandates_revoke", "mandates_renew"),
    "administration.identity": ("cabinet_show",), "administration.identity_post": ("cabinet_change",),
    "administration.security": ("cabinet_show", "users_listed", "users_sessions"),
    "administration.security_factor": ("cabinet_change",), "administration.security_close": ("users_session_close",),
    "administration.people": ("users_listed",), "administration.people_export": ("users_listed",),
    "administration.person_new": ("users_create",), "administration.person_new_post": ("users_create",),
    "administration.person": ("users_user_show", "users_sessions"), "administration.person_post": ("users_user_change",),
    "administration.person_access": ("users_user_change",), "administration.person_factor": ("users_reset_factor",),
    "administration.person_sessions": ("users_sessions_close", "users_session_close"),
    "administration.person_invite": ("users_invite",),
    "administration.profiles": ("profiles_profiles_listed",), "administration.profile_new": ("profiles_profile_create",),
    "administration.profile_new_post": ("profiles_profile_create",), "administration.profile": ("profiles_profile_show",),
    "administration.profile_post": ("profiles_profile_change",), "administration.profile_remove": ("profiles_profile_remove",),
    "administration.agencies": ("agencies_agencies_listed",), "administration.agency_new": ("agencies_agency_create",),
    "administration.agency_new_post": ("agencies_agency_create",), "administration.agency": ("agencies_agency_show",),
    "administration.agency_post": ("agencies_agency_change",), "administration.agency_remove": ("agencies_agency_remove",),
    "administration.appearance": ("cabinet_appearance",), "administration.appearance_theme": ("cabinet_appearance_change",),
    "administration.appearance_colours": ("cabinet_appearance_change",),
    "administration.appearance_logo": ("cabinet_appearance_logo", "cabinet_appearance_logo_deposit"),
    "administration.appearance_logo_remove": ("cabinet_appearance_logo_remove",),
    "administration.appearance_contrast": ("cabinet_appearance_change",),
    "administration.appearance_statement": ("cabinet_appearance_change",),
    "administration.journal": ("journal_listed",), "administration.journal_export": ("journal_listed",),
    "administration.journal_check": ("journal_check",), "administration.journal_entry": ("journal_show",),
}  # fmt: skip
#: Why a route means nothing to a program. A name ending in «.» stands for a whole blueprint.
NO_MEANING: dict[str, str] = {
    "auth.": "a person signs in; a program has its token", "auth_step.": "a person signs in", "auth_reset.": "a person signs in",
    "tokens.": "a token may not make or revoke another: its owner does, by his password",
    "account.": "one's password, second factor and browsers' sessions: by their own proof, never by a token",
    "styleguide.": "examples for those who build pages", "help.": "texts for people", "plp.": "the partner link's own protocol",
    "api_docs.": "the API's own description",
    "static_files": "a page's parts", "theme_files": "a page's parts", "healthz": "JSON already", "metrics": "text already",
    "live": "what an open page is told: a program reads the resource", "live_stream": "the same",
    "shell.home": "leads to the first module", "administration.index": "leads to the first page one may open",
    "p_portefeuille.home": "leads to the list", "p_nomineo.home": "leads to the page of the mandate",
    "undo.take_back": "«Annuler» of a toast: a program sends the former values",
    "uploads.": "a file on its way to a form that is open", "photos.": "a face beside a name: for people",
    "look.": "a page's parts", "administration.appearance_sheet": "a picture of the sample statement, for eyes",
    "links.launch": "opens the partner's extranet in the person's own browser, signed in there as that person (PLP-053)",
    "signing.here": "a person signs with his own hand, before the cabinet", "signing.sign_here": "the same",
    "signature.": "whoever got a link signs with his own hand",
    "links.launched": "the same page again", "links.returned": "where the partner's extranet sends the browser back",
}  # fmt: skip
#: Endings of a list's own tools: a program keeps its filters, columns and order itself.
TOOLS = ("_columns", "_views", "_view")
#: What a program cannot do yet, and what it waits for.
OWED: dict[str, str] = {}


def operations(app: Flask) -> dict[str, Operation]:
    resources: tuple[Resource, ...] = app.extensions["encours_api"]
    return {one.name: one for resource in resources for one in resource.operations}


def placed(endpoint: str) -> bool:
    """Whether a route stands in one of the tables."""
    if endpoint in TWINS or endpoint in NO_MEANING or endpoint in OWED:
        return True
    return f"{endpoint.split('.')[0]}." in NO_MEANING or endpoint.endswith(TOOLS)


def test_each_route_has_its_operation_or_its_reason(app: Flask) -> None:
    """PL-09: every list and action of the pages is reachable; a new route says here how."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("api.")}
    routes = {endpoint for endpoint in routes if not endpoint.endswith(".static")}
    assert sorted(endpoint for endpoint in routes if not placed(endpoint)) == []
    named = {*TWINS, *OWED, *(name for name in NO_MEANING if not name.endswith("."))}
    assert sorted(named - routes) == [], "these routes are gone"
    assert not set(OWED) & set(TWINS)


def test_each_operation_is_there_and_serves(app: Flask) -> None:
    """PL-09: the twins are operations; one that is no page's twin says what it is besides."""
    known = operations(app)
    twins = {name for names in TWINS.values() for name in names}
    assert sorted(twins - set(known)) == []
    besides = {
        "transactions_transactions_listed", "documents_documents_listed", "signatures_listed",  # of all accounts, of all owners
    }  # fmt: skip
    assert sorted(set(known) - twins) == sorted(besides)
    for one in known.values():
        assert one.method != "PATCH" or one.same in known, one.name
