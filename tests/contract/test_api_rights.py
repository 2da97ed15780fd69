"""How far each profile reaches by the API: as far as on the pages, whatever its token's scopes (PL-09)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.app import create_app
from core.extensions import db
from core.rest import entry
from core.rest.operations import Operation
from tests import databases
from tests.conftest import make_config
from tests.contract import api_walk
from tests.contract import rights_world
from tests.contract.rights_world import CLIENTS
from tests.contract.rights_world import PROFILES
from tests.contract.rights_world import World
from tests.contract.test_api_twins import operations
from tests.contract.test_rights_matrix import REACH
from tests.contract.test_rights_matrix import WIDTH
from tests.core.rest.desk import Program
from tests.core.rest.desk import slug
from tests.core.rest.desk import token_of
from tests.usual import adopt

pytestmark = pytest.mark.xdist_group("walls")


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walks call more often than a program may."""
    for name in ("TOKEN", "CABINET"):
        monkeypatch.setattr(entry, name, entry.Limit(100_000, entry.MINUTE, entry.MINUTE, entry.MINUTE))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, object]]:
    config = make_config(tmp_path_factory.mktemp("api-rights"))
    databases.ready(config.database_url)
    made = rights_world.build(create_app(config))
    yield made, config
    made.app.extensions["encours_hub"].close()
    db.close()


@pytest.fixture
def world(built: tuple[World, object]) -> World:
    made, config = built
    adopt(made.app, config)  # type: ignore[arg-type]
    return made


#: Scope → the right that decides how far it reaches.
RIGHTS = {
    "contacts:read": "contacts.view", "contacts:write": "contacts.edit", "contacts:merge": "contacts.merge",
    "accounts:read": "accounts.view",
    "accounts:write": "accounts.edit",
    "transactions:read": "transactions.view", "transactions:write": "transactions.initiate", "documents:read": "documents.view",
    "documents:write": "documents.edit",
    "vigilance:validate": "vigilance.validate", "suspicions:read": "vigilance.suspicion",
    "suspicions:write": "vigilance.suspicion",
    "partners:read": "partners.manage", "partners:write": "partners.manage", "administration:read": "administration",
    "administration:write": "administration",
}  # fmt: skip
#: Once done by one profile, there is nothing left for the next.
REMOVING = {
    "contacts_channels_remove", "contacts_numbers_remove", "patrimoine_loans_event_remove", "patrimoine_assets_value_remove",
    "patrimoine_assets_rent_remove", "patrimoine_budget_remove", "conformite_profiles_abandon", "accounts_remove",
    "ged_documents_remove",
}  # fmt: skip
OF_CLIENTS = {
    "contact_id", "account_id", "transaction_id", "document_id", "loan_id", "pledge_id", "line_id", "asset_id", "debt_id",
    "typed_id", "signature_id", "paper_id", "past_id", "assessment_id", "operation_id", "project_id",
}  # fmt: skip


def expected(profile: str, operation: Operation, whose: str) -> tuple[int, ...]:
    """The answers that are right."""
    right = RIGHTS.get(operation.scope or "")
    if right is None:
        return (200, 422)
    width = WIDTH[profile].get(right)
    if width is None:
        return (403,)
    if whose in REACH[width]:
        return (200, 201, 204, 404, 409, 422) if operation.method != "GET" else (200,)
    seen = WIDTH[profile].get(right.replace(".edit", ".view"), "none")
    return (403, 422) if right.endswith(".edit") and whose in REACH.get(seen, ()) else (404, 422)


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_reaches_as_far_as_on_the_pages(world: World, profile: str) -> None:
    """PL-09: 403 without the right, 404 beyond its width, whatever the token's scopes; lists name those within reach only."""
    caller, wrong = Program(world.app, token_of(world.people.cabinet_id, world.users[profile])), []
    for whose in CLIENTS:
        client = world.clients[whose]
        ids = {
            "contact_id": client.contact, "account_id": client.account, "transaction_id": client.transaction,
            "document_id": client.document, "support_id": client.support, "channel_id": client.channel.get(profile, "0" * 26),
            "user_id": world.people.other, "agency_id": world.organisation[0][0], "profile_id": world.organisation[0][1],
            "entry_id": world.organisation[0][2], "field_id": world.defined[0][0], "category_id": world.defined[0][1],
            "label_id": world.defined[0][2], "number_id": client.number,
            "loan_id": client.loan, "event_id": client.event, "pledge_id": client.pledge, "line_id": client.line,
            "relation_id": "0" * 26, "member_id": "0" * 26, "movement_id": "0" * 26, "field_name": "title", "day": "2020-01-01",
            **client.owned,
        }  # fmt: skip
        for shot in api_walk.shots(world.app, ids):
            if not OF_CLIENTS & set(shot.operation.arguments) or shot.operation.name in REMOVING:
                continue
            if "relation_id" in shot.operation.arguments and shot.operation.method == "GET":
                continue  # none is theirs: tests/core/contacts/test_relations.py
            if shot.operation.name == "outils_followers_show":
                continue  # none follows a model: tests/plugins/outils/test_model_followers.py
            if "channel_id" in shot.operation.arguments and profile not in client.channel:
                continue
            answer = caller.call(shot.operation.method, shot.path, shot.body, Accept="*/*")
            if answer.status_code not in expected(profile, shot.operation, whose):
                wrong.append(f"{whose} {shot.operation.name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    inside = REACH[WIDTH[profile]["contacts.view"]]
    for noun in ("contacts", "accounts", "transactions", "notifications", "search?q=jeanne"):
        said = caller.call("GET", f"/{noun}").get_data(as_text=True)
        for whose, client in CLIENTS.items():
            found = world.clients[whose].contact in said or client in said or world.clients[whose].account in said
            assert whose in inside or not found, (noun, whose)


def test_every_operation_asks_for_the_scope_that_it_says(world: World) -> None:
    """PL-09: a token with every scope but the operation's own is refused, before anything else is looked at."""
    bare = Program(world.app, token_of(world.people.cabinet_id, world.users["ADMINISTRATEUR"], ["profile:write"]))
    for name, operation in operations(world.app).items():
        path = operation.path.replace("{", "").replace("}", "")
        answer = bare.call(operation.method, path, {})
        if operation.scope in (None, "profile:write"):
            assert answer.status_code != 403, name
        else:
            assert (answer.status_code, slug(answer)) == (403, "scope-missing"), name
