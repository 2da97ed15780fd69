"""Schemathesis on the API's own document: no 5xx, no breach of a schema, every operation met, two cabinets' tokens (PL-09).

Each operation is called as the document allows it and as it forbids it, in process, with real ids of the caller's
cabinet, made-up ones, and the other cabinet's. On SQLite alone: what it looks at is the same whatever the database.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import given
from hypothesis import settings
from hypothesis.strategies._internal.strategies import SampledFromStrategy

from core.app import create_app
from core.extensions import db
from core.rest import entry
from tests import databases
from tests.conftest import make_config
from tests.contract import api_walk
from tests.contract import rights_world
from tests.contract.rights_world import CLIENTS
from tests.contract.rights_world import NUMBERS
from tests.contract.rights_world import World
from tests.core.rest.desk import token_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what a tool says of its own future is not ours to mend
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks



@schemathesis.serializer("application/pdf", "image/png", "image/jpeg")
def _bytes(_context: Any, value: Any) -> bytes:
    """A file, which nonsense is too."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


pytestmark = [pytest.mark.xdist_group("walls"), pytest.mark.filterwarnings("ignore")]
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance,
    checks.response_schema_conformance, checks.negative_data_rejection,
]  # fmt: skip
FEW = settings(
    max_examples=2, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A database of its own: what may be changed is."""
    for name in ("TOKEN", "CABINET"):
        monkeypatch.setattr(entry, name, entry.Limit(100_000, entry.MINUTE, entry.MINUTE, entry.MINUTE))
    config = make_config(tmp_path_factory.mktemp("schema"))
    databases.ready(config.database_url)
    made = rights_world.build(create_app(config))
    yield made
    made.app.extensions["encours_hub"].close()
    db.close()


def ids(world: World, whose: str) -> dict[str, str]:
    client, mine = world.clients[whose], world.organisation[whose == "foreign"]
    return {
        **api_walk.COMMON, "contact_id": client.contact, "account_id": client.account, "transaction_id": client.transaction,
        "document_id": client.document, "support_id": client.support, "channel_id": client.channel.get("CONSEILLER", "0" * 26),
        "user_id": world.people.other if whose == "own" else world.strangers.other, "agency_id": mine[0], "profile_id": mine[1],
        "entry_id": mine[2], **dict(zip(("field_id", "category_id", "label_id"), world.defined[whose == "foreign"], strict=True)),
        "number_id": client.number, "loan_id": client.loan, "event_id": client.event, "pledge_id": client.pledge,
        "line_id": client.line, "relation_id": "0" * 26, "member_id": "0" * 26, **client.owned,
    }  # fmt: skip


class Walk:
    """What was called, what was answered, what was wrong."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.callers = (
            ("own", token_of(world.people.cabinet_id, world.users["ADMINISTRATEUR"])),
            ("foreign", token_of(world.strangers.cabinet_id, world.strangers.administrator)),
        )
        self.met, self.statuses, self.faults = Counter[str](), Counter[int](), list[str]()

    def of(self, operation: Any, mode: GenerationMode) -> None:
        """Some calls of an operation, as the document allows (or forbids) them."""
        turns = count()

        @FEW
        @given(case=operation.as_strategy(generation_mode=mode))
        def run(case: Any) -> None:
            self.call(case, next(turns), mode)

        try:
            run()
        except Exception as error:  # all of them in the end, each with its operation
            group = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
            self.faults += [f"{operation.label} ({mode.value}): {one}" for one in group]

    def call(self, case: Any, turn: int, mode: GenerationMode) -> None:
        """One call, by the one cabinet or the other, of its own things or the other's."""
        whose, token = self.callers[turn % 2]
        other = "foreign" if whose == "own" else "own"
        if case.path_parameters and mode is GenerationMode.POSITIVE:
            known = ids(self.world, other if turn % 4 == 3 else whose)
            case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        self.met[case.operation.label] += 1
        self.statuses[answer.status_code] += 1
        said = answer.content.decode("utf-8", "replace")
        assert CLIENTS[other] not in said
        assert NUMBERS[other] not in said
        case.validate_response(answer, checks=CHECKS)


def test_the_document_keeps_its_word(world: World) -> None:
    """PL-09: what is answered is what the document says, to whatever is sent; nothing of the other cabinet is in it."""
    schema: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    walk = Walk(world)
    for operation in [found.ok() for found in schema.get_all_operations()]:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            walk.of(operation, mode)
    assert not walk.faults, "\n\n".join(walk.faults)
    document = world.app.test_client().get("/api/v1/openapi.json").get_json()
    assert set(walk.met) == {f"{method.upper()} {path}" for path, told in document["paths"].items() for method in told}
    assert walk.statuses[200] > 50, walk.statuses
    assert walk.statuses[422] > 20, walk.statuses


def test_what_is_made_is_found_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-09: step after step (what a POST made is read, changed, removed), the document still keeps its word."""
    token = token_of(world.people.cabinet_id, world.users["ADMINISTRATEUR"])
    schema: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    statuses = Counter[str]()

    class Workflow(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {token}"}}

        def validate_response(self, response: Any, case: Any, **_more: Any) -> None:
            statuses[f"{case.operation.method.upper()} {response.status_code}"] += 1
            case.validate_response(response, checks=CHECKS)

    # steps that follow one another are more than Hypothesis looks through before it gives a draw up
    monkeypatch.setattr(SampledFromStrategy, "_MAX_FILTER_CALLS", 100_000)
    Workflow.run(settings=settings(FEW, max_examples=8, stateful_step_count=8))
    assert statuses["GET 200"], statuses
