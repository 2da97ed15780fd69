"""Platform and simulated extranet in one process: both real applications, each over its own SQLite file.

An HTTP call between them, and a person's, is a function call: nothing is left out but sockets. So a fault schedule takes
milliseconds, the same seed gives the same run, and time moves for both at once. `tests.stage` is the same as processes.
"""

from __future__ import annotations

import http.client
import io
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import select
from urllib3 import HTTPHeaderDict
from urllib3 import HTTPResponse
from werkzeug.test import Client
from werkzeug.test import TestResponse

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.app import create_app
from core.cabinets.models import Cabinet
from core.cli import worker
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db import clock
from core.db import faults
from core.extensions import db
from core.http import wire
from core.links import demo
from core.links import mandates
from core.links.models import Registration
from core.supports import services as supports
from plugins.nomineo.simulator import calls
from plugins.nomineo.simulator import cli as simulator
from plugins.nomineo.simulator.sender import Sender
from plugins.nomineo.simulator.settings import Settings
from plugins.nomineo.simulator.web import create_app as create_extranet
from plugins.nomineo.simulator.world import open_world
from tests import databases
from tests.conftest import add_people
from tests.conftest import make_config
from tests.stage import SIM_TOKEN
from tests.stage import Person
from tests.stage import Stage
from tests.usual import adopt

BROKER = "GP-20417"
#: Contracts of the extranet's book on which everything is open.
NUMBERS = tuple(f"HIM010000{n}" for n in range(1, 7))
PLUGIN = "nomineo"


class Killed(BaseException):
    """The platform died here, as by kill -9: nothing that runs may catch it, what was not committed is gone."""


class Pair(Stage):
    """Both programs. As of a `Stage`, a `Person` signs in to it, and `sim` and `rows` read its two books."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.web, self.extranet = "http://127.0.0.1:8000", "http://localhost:8010"
        self.patch = pytest.MonkeyPatch()
        self.config = make_config(folder)
        databases.ready(self.config.database_url)
        self.app = create_app(self.config)
        self.hub = self.app.extensions["encours_hub"]
        settings = Settings(url=self.extranet, db=folder / "extranet.sqlite", sim_token=SIM_TOKEN)
        self.world = open_world(settings)
        simulator.initialise(self.world)
        self.portal = create_extranet(self.world)
        self.sender: Sender = self.portal.extensions["extranet_sender"]
        self.sites = {8000: Client(self.app, use_cookies=False), 8010: Client(self.portal, use_cookies=False)}
        self.killed = 0
        self._countdown: dict[str, int] = {}
        self._wire()
        self.people = add_people(self.hub, "demo")
        self._join()
        self.marc = self.person()
        self.addresses = (self.config.database_url, f"sqlite:///{folder / 'extranet.sqlite'}")
        for address in self.addresses:
            databases.keep(address, "first")
        self.keep()
        self._first_jar = self._jar

    @property
    def database_url(self) -> str:
        return self.config.database_url

    def close(self) -> None:
        self.patch.undo()
        self.world.store.close()
        self.hub.close()
        db.close()
        databases.give_back(self.folder)

    def enter(self) -> None:
        """Make it this process's application again, its two books and the clock as they were at the beginning."""
        adopt(self.app, self.config)
        self._wire()
        for address in self.addresses:
            databases.renew(address, "first")
        self.marc.http.cookies = self._first_jar.copy()
        self.keep()
        self.rewind()

    def lent(self) -> Iterator[Pair]:
        """To one test: entered before; after it, it is again the day it is."""
        self.enter()
        yield self
        self.hub.close()
        self.move(to=timedelta(0))

    def keep(self) -> None:
        """What `rewind` comes back to, until the next `enter`."""
        self._jar = self.marc.http.cookies.copy()
        for address in self.addresses:
            databases.keep(address)

    def rewind(self) -> None:
        """The two books, the clock and the adviser's cookies as they were kept."""
        for address in self.addresses:
            databases.renew(address)
        self.move(to=timedelta(0))
        self._countdown.clear()
        self.marc.http.cookies = self._jar.copy()

    # --- the wire ----------------------------------------------------------------------------------------------

    def _wire(self) -> None:
        self.patch.undo()
        self.patch.setattr(wire, "exchange", self._to_partner)
        self.patch.setattr(calls, "call", self._to_platform)
        self.patch.setattr(faults, "point", self._point)

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | str | None) -> TestResponse:
        """One HTTP exchange with whichever site. Raises ConnectionResetError where the platform died meanwhile."""
        parts = urlsplit(url)
        port = parts.port or 0
        try:
            return self.sites[port].open(
                parts.path, method=method, base_url=f"{parts.scheme}://{parts.netloc}", headers=dict(headers),
                data=body, query_string=parts.query,
            )  # fmt: skip
        except Killed as death:
            raise ConnectionResetError("the platform died") from death

    def _to_partner(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, **_: Any) -> wire.Raw:
        answer = self.exchange(method, url, headers, body)
        fields = http.client.HTTPMessage()
        for name, value in answer.headers:
            fields[name] = value
        return wire.Raw(answer.status_code, fields, answer.data)

    def _to_platform(
        self, method: str, url: str, *, seconds: float, cap: int = 65_536, data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> calls.Answer:  # fmt: skip
        made = requests.Request(method, url, data=data, headers=dict(headers or {})).prepare()
        try:
            answer = self.exchange(method, url, made.headers, made.body)
        except ConnectionResetError as error:
            raise calls.CallFailed("ConnectionError") from error
        return calls.Answer(answer.status_code, answer.headers, answer.data)

    # --- people, time, work ------------------------------------------------------------------------------------

    def person(self, email: str = "conseiller@demo.example") -> Person:
        """Somebody signed in."""
        return _Caller(self, email)

    def sim(self, method: str, path: str, **body: Any) -> Any:
        headers = {"X-Sim-Token": SIM_TOKEN, "Content-Type": "application/json"}
        sent = requests.Request(method, f"{self.extranet}/_sim{path}", json=body or None, headers=headers).prepare()
        answer = self.exchange(method, f"{self.extranet}/_sim{path}", sent.headers, sent.body)
        assert answer.status_code < 300, (answer.status_code, answer.get_data(as_text=True))
        return answer.get_json(silent=True)

    def move(self, by: timedelta = timedelta(0), *, to: timedelta | None = None) -> None:
        """Time passes, for both sides."""
        ahead = clock._offset + by if to is None else to
        self.patch.setattr(clock, "_offset", ahead)
        self.world.clock.move(ahead.total_seconds())

    def work(self) -> int:
        """The platform's worker does what is due."""
        return worker.run_due()

    def set_off(self, function: Callable[[], Any]) -> bool:
        """Run a piece of the platform's own work (a job, a poll); False if it was killed in the middle."""
        try:
            function()
        except Killed:
            return False
        return True

    # --- death -------------------------------------------------------------------------------------------------

    def kill_at(self, point: str, nth: int = 1) -> None:
        """The platform dies at the nth passing of a kill point from now on, once."""
        self._countdown = {point: nth}

    def spare(self) -> None:
        """It will not die any more."""
        self._countdown.clear()

    @contextmanager
    def counting(self, point: str) -> Iterator[list[int]]:
        """How often a kill point is passed in the block."""
        self._countdown = {point: 1_000_000}
        passed = [0]
        yield passed
        passed[0] = 1_000_000 - self._countdown[point]
        self.spare()

    def _point(self, name: str) -> None:
        assert name in faults.POINTS, name
        if name not in self._countdown or threading.current_thread() is not threading.main_thread():
            return  # not whoever notes hooks' times beside
        self._countdown[name] -= 1
        if self._countdown[name] <= 0:
            self._countdown.clear()
            self.killed += 1
            raise Killed(name)

    # --- data --------------------------------------------------------------------------------------------------

    def _join(self) -> None:
        with db.session(self.people.cabinet_id) as session:
            client = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne", city="Nantes")
            holder = contacts.create(session, "cli", client)
            contacts.follow(session, "cli", holder, self.people.adviser)
            company = supports.company_for(session, "generali-patrimoine", name="Generali Patrimoine")
            product = supports.product_for(session, company, "Himalia", envelope="ASSURANCE_VIE")
            for number in NUMBERS:
                new = NewAccount(
                    "ASSURANCE_VIE", number, "Himalia", company, [Role(holder, "SOUSCRIPTEUR")], product_id=product
                )
                accounts.create(session, "cli", new)
        with self.world.store.read() as connection:
            sheet = simulator.registrations.own_sheet(connection, self.world.settings, self.world.clock.now())
        code = mandates.new_code()
        joined = demo.join_partner(
            "demo", PLUGIN, sheet, broker_code=BROKER, paper=lambda _paper: demo.Paper(b"%PDF-1.7 mandat", code)
        )
        self.sim("POST", "/registrations", **joined.sheet)
        self.mandate = joined.mandate
        self.work()
        self.sim("POST", f"/mandates/{joined.mandate}/receive")
        self.sim("POST", f"/mandates/{joined.mandate}/activate", code=joined.code)
        self.sender.flush()
        self.work()
        with db.session(None, write=False) as session:
            self.cabinet_id: int = session.scalars(select(Cabinet.id).where(Cabinet.slug == "demo")).one()
        with db.session(self.cabinet_id, write=False) as session:
            self.endpoint: str = session.scalars(select(Registration.endpoint_id)).one()


class _Caller(Person):
    """A person whose browser calls the two applications directly."""

    def __init__(self, pair: Pair, email: str) -> None:
        self.pair = pair
        self._email = email
        self.stage = pair
        self.http = requests.Session()
        self.http.mount("http://", _Adapter(pair))
        self.sign_in()

    def sign_in(self) -> None:
        """By the form."""
        kept = requests.Session
        try:
            requests.Session = lambda: self.http  # type: ignore[assignment,misc]
            super().__init__(self.pair, self._email)
        finally:
            requests.Session = kept  # type: ignore[misc]


class _Adapter(HTTPAdapter):
    """requests over the two applications."""

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:  # type: ignore[override]
        try:
            answer = self.pair.exchange(request.method or "GET", request.url or "", request.headers, request.body)
        except ConnectionResetError as error:
            raise requests.ConnectionError(request=request) from error
        fields = http.client.HTTPMessage()
        for name, value in answer.headers:
            fields[name] = value
        raw = HTTPResponse(
            body=io.BytesIO(answer.data), headers=HTTPHeaderDict(list(answer.headers)), status=answer.status_code,
            preload_content=False, original_response=_Original(fields),
        )  # fmt: skip
        return self.build_response(request, raw)


class _Original:
    """What requests reads cookies from."""

    def __init__(self, fields: http.client.HTTPMessage) -> None:
        self.msg = fields

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        return
