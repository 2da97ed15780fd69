"""The engine as it is asked: HTTP on this machine only, under deadlines and caps, and French words for what fails."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from typing import Literal
from urllib.parse import urlsplit

from core import config
from core.taxes import case as cases
from core.taxes import figures
from core.taxes.household import Household

#: What the engine calls itself, in each of its answers.
PACKAGE = "OpenFisca-France"
SCALE = "/parameter/impot_revenu.bareme_ir_depuis_1945.bareme"
#: Seconds: to connect; for an answer, which may have to wait until the engine is loaded (13 s alone, a minute on a busy machine).
CONNECT, ANSWER = 2.0, 90.0
CAP = 1_000_000
#: The keeper's word while the engine is being installed or loaded (`core.taxes.keeper`).
PREPARING = "X-Encours-Preparing"

ABSENT = "Le moteur fiscal n'est pas installé sur ce serveur."
PREPARES = "Le moteur fiscal se prépare\u202f: le calcul se fera dès qu'il sera prêt."
SILENT = "Le moteur fiscal ne répond pas\u202f: un nouvel essai est fait de lui-même."
ODD = "Le moteur fiscal a répondu de façon inattendue\u202f: aucun chiffre n'en est repris."
REFUSED = "Le moteur fiscal refuse ces données\u202f: vérifiez-les."


class Unavailable(Exception):
    """No figures now. `state`: what the page says; `text`: why, in French; `again`: whether another try may do."""

    def __init__(self, state: Literal["preparing", "unavailable", "refused"], text: str, *, again: bool = True) -> None:
        super().__init__(text)
        self.state = state
        self.text = text
        self.again = again


@dataclass(frozen=True, slots=True)
class Result:
    """An estimate: the figures by the engine's names, of the year of income, by which scale and which engine."""

    year: int
    key: str
    version: str
    scale: figures.Scale
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine at one address."""

    url: str
    answer: float = ANSWER

    def version(self) -> str:
        """Its version, asked of it. Raises `Unavailable`."""
        return self._ask("GET", "/", None)[1]

    def estimate(self, household: Household) -> Result:
        """Income tax, and the IFI where its base is given, of a household. Raises `Unavailable`."""
        case = cases.of(household)
        answered, version = self._ask("POST", "/calculate", case)
        parameter, _same = self._ask("GET", SCALE, None)
        try:
            values = figures.read(case, answered, household.year)
            scale = figures.scale(parameter, household.year)
        except figures.Nonsense as error:
            raise Unavailable("unavailable", ODD) from error
        return Result(household.year, cases.key(case), version, scale, values)

    def calculate(self, case: cases.Case) -> Any:
        """Any case, as it is, and the answer, as it is. Raises `Unavailable`."""
        return self._ask("POST", "/calculate", case)[0]

    def _ask(self, method: str, path: str, body: Any) -> tuple[Any, str]:
        if not self.url:
            raise Unavailable("unavailable", ABSENT, again=False)
        try:
            status, headers, data = self._exchange(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable("unavailable", SILENT) from error
        if PREPARING in headers:
            raise Unavailable("preparing", PREPARES)
        version = headers.get("Country-Package-Version", "")
        if str(headers.get("Country-Package", "")).lower() != PACKAGE.lower() or not version or len(data) > CAP:
            raise Unavailable("unavailable", ODD)
        if status in (400, 404) and method == "POST":
            raise Unavailable("refused", REFUSED, again=False)
        if status not in (200, 300):  # its root answers 300
            raise Unavailable("unavailable", SILENT)
        try:
            return json.loads(data), version
        except ValueError as error:
            raise Unavailable("unavailable", ODD) from error

    def _exchange(self, method: str, path: str, body: Any) -> tuple[int, Mapping[str, str], bytes]:
        parts = urlsplit(self.url)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=CONNECT)
        try:
            line.connect()
            line.sock.settimeout(self.answer)
            sent = None if body is None else json.dumps(body).encode()
            line.request(method, path, body=sent, headers={"Content-Type": "application/json", "Connection": "close"})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read(CAP + 1)  # type: ignore[return-value]  # an e-mail Message
        finally:
            line.close()


_turn = threading.Lock()


@contextmanager
def turn() -> Iterator[bool]:
    """Whether it is this thread's turn to ask: one at a time, so that an engine that loads does not hold all of a worker."""
    mine = _turn.acquire(blocking=False)
    try:
        yield mine
    finally:
        if mine:
            _turn.release()


def here() -> Engine:
    """This installation's engine."""
    return Engine(config.current().fiscalite_url)
