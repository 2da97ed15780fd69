"""The plugin's part of the API at the workbench: its operations, tokens of both cabinets, calls that are watched."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import delete

from core.auth import api_tokens
from core.auth.api_scopes import SCOPES
from core.auth.models import Attempts
from core.cabinets import services as cabinets
from core.db.model import new_id
from core.extensions import db
from core.rest.operations import Operation
from core.rest.serve import ROOT
from core.testing import values
from core.testing.conformance.bench import PATIENCE
from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import raising
from core.testing.throwaway import Staff
from core.testing.watching import Doing
from core.testing.watching import Watch
from core.testing.watching import watched


@dataclass(frozen=True)
class Answer:
    """What an operation answered. `data`: its JSON, None where it is none; `error`: what the function raised."""

    status: int
    text: str
    data: Any = None
    error: BaseException | None = None
    statements: tuple[Doing, ...] = ()


class Desk:
    """One a rule. `operations`: those of the plugin, in the order in which they are declared."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._client = bench.encours.app.test_client()

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        resources = self.bench.encours.app.extensions["encours_api"]
        return tuple(one for found in resources if found.plugin == self.bench.subject.name for one in found.operations)

    def token(self, staff: Staff | None = None, scopes: Iterable[str] = SCOPES) -> str:
        """A token of a cabinet's administrator; all scopes unless told."""
        who, asked = staff or self.bench.encours.here, tuple(scopes)
        kept = self.bench.tokens  # a person has so many at a time
        if (who.slug, asked) not in kept:
            with db.session(who.cabinet_id) as session:
                owner = cabinets.principals(session, [who.administrator])[who.administrator]
                made = api_tokens.make(session, owner, name=f"kit {new_id()}", scopes=asked, days=7)
            kept[who.slug, asked] = made[0]
        return kept[who.slug, asked]

    def path(self, one: Operation, **named: str) -> str | None:
        """Its address with ids of the cabinet that has the plugin; None where one is unknown."""
        made, known = one.path, {**self.bench.known_ids(), **named}
        for name in one.arguments:
            if name not in known:
                return None
            made = made.replace(f"{{{name}}}", known[name])
        return made

    def asked(self, one: Operation) -> dict[str, Any]:
        """The parameters that must be there."""
        if one.asks is None:
            return {}
        fields = one.asks().load_fields.items()
        made = {name: values.right(found, name, self.bench.known_ids()) for name, found in fields if found.required}
        return {name: value for name, value in made.items() if value is not None}

    def body(self, one: Operation) -> dict[str, Any] | None:
        """A body that it should take; None for one that takes none."""
        return None if one.takes is None else values.body(one.takes(), self.bench.known_ids())

    def call(
        self, one: Operation, path: str, token: str, *, asked: Mapping[str, Any] | None = None, body: Any = None
    ) -> Answer:
        """Call it."""
        query = urlencode({**self.asked(one), **(asked or {})}, doseq=True)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_id(), "Accept": "*/*"}
        sent: dict[str, Any] = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        with db.session(None) as session:
            session.execute(delete(Attempts))  # the kit calls more often than anybody may
        watch = Watch(patience=PATIENCE, network=self.bench.network, owns=self.bench.subject.owns)
        with raising() as raised, watched(watch):
            try:
                url = f"{ROOT}{path}{'?' + query if query else ''}"
                with self._client.open(url, method=one.method, headers=headers, **sent) as answer:
                    text = answer.get_data().decode("utf-8", "replace")
                    error = raised[0] if raised and answer.status_code >= 500 else None
                    data = json.loads(text) if "json" in (answer.mimetype or "") and text else None
                    return Answer(answer.status_code, text, data, error, tuple(watch.statements))
            except BaseException as error:  # a function may also raise SystemExit
                return Answer(500, "", None, error, tuple(watch.statements))

    def reads(self, staff: Staff | None = None) -> Iterator[tuple[Operation, Answer]]:
        """Each operation that only reads, called by a cabinet's administrator with ids of the cabinet that has the plugin."""
        for one in self.operations:
            if one.method == "GET" and (path := self.path(one)) is not None:
                yield one, self.call(one, path, self.token(staff), asked={"limit": 200} if one.paged else {})

    def place(self, one: Operation) -> str:
        """Where its function is written."""
        return self.bench.subject.place_of(one.view)
