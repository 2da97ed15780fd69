"""The partner is down, slow or talks nonsense: the menu says so inside six seconds, nothing else suffers (PL-05, BL-08)."""

from __future__ import annotations

import os
import re
import signal
import time
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
import requests
from sqlalchemy import select

from core.http.models import BreakerRow
from tests import databases
from tests.stage import Person
from tests.stage import Stage
from tests.stage import texts
from tests.stage import until

NUMBER = "HIM0100015"
#: interfaces.md, Numbers: «page by 6 s».
BUDGET = 6.0
CLOSED = "Le partenaire ne répondait plus"
#: Fault → its value, and what the adviser is told.
FAULTS = {
    "latency": (30, "n'a pas répondu dans les délais"),
    "trickle": (1, "n'a pas répondu dans les délais"),
    "hang": (20, "n'a pas répondu dans les délais"),
    "reset": (None, "La connexion au partenaire a échoué"),
    "500": (None, "signale une erreur"),
    "503": (30, "est en maintenance"),
    "429": (30, "trop de demandes"),
    "malformed": (None, "est illisible"),
    "huge": (None, "trop volumineuse"),
    "content_type": (None, "pas dans le format convenu"),
    "redirect": (None, "renvoie vers une autre adresse ; elle n'est pas suivie"),
}


def plan(stage: Stage, kind: str, *, times: int = -1, op: str = "capabilities") -> None:
    value = FAULTS[kind][0]
    stage.sim("POST", "/faults", op=op, kind=kind, times=times, **({} if value is None else {"value": value}))


def left(stage: Stage) -> int:
    """How often the planned fault is still to come: the calls that reached the partner are the difference."""
    return sum(fault["times"] for fault in stage.sim("GET", "/faults"))


def timed(who: Person, account: str) -> tuple[requests.Response, float]:
    begun = time.monotonic()
    return who.acts(account), time.monotonic() - begun


def retry(who: Person, answer: requests.Response) -> requests.Response:
    """Follow «Réessayer»."""
    found = re.search(r'href="([^"]+)" data-refresh data-retry>.*?Réessayer', answer.text)
    assert found, answer.text[:2000]
    return who.get(unescape(found.group(1)), **{"X-Fragment": "1"})


@pytest.mark.parametrize("kind", FAULTS)
def test_a_faulty_partner_costs_six_seconds_at_most_and_is_said(calm: Stage, marc: Person, kind: str) -> None:
    """PL-05, BL-08, PLP-044, PLP-049, domain.md §3.6 #4, #30: a French message, a retry, consultation; no half list."""
    account = marc.account(NUMBER)
    plan(calm, kind)
    answer, took = timed(marc, account)
    said = texts(answer.text)
    assert took < BUDGET
    assert answer.status_code == 200
    assert FAULTS[kind][1] in said
    assert "Réessayez" in said
    assert set(marc.tokens(answer.text)) == {"Ouvrir l'extranet sans action"}
    assert "aria-disabled" not in answer.text
    calm.sim("DELETE", "/faults")
    calm.close_breaker()
    assert "Arbitrage" in marc.tokens(retry(marc, answer).text)


def test_the_other_doors_to_the_list_say_the_same(calm: Stage, marc: Person) -> None:
    """BL-09, PL-05: «Ajouter», and the list as a whole page, have the same message and the same retry."""
    account = marc.account(NUMBER)
    plan(calm, "500")
    for path in (f"/liens/comptes/{account}/types", f"/liens/nomineo/comptes/{account}/actes"):
        page = marc.get(path)
        assert page.status_code == 200
        assert "signale une erreur" in texts(page.text)
        assert "Ouvrir l'extranet sans action" in marc.tokens(page.text)
    failed = marc.get(f"/liens/comptes/{account}/types")
    calm.sim("DELETE", "/faults")
    assert "Arbitrage" in marc.tokens(retry(marc, failed).text)


def test_consultation_opens_though_the_list_did_not_come(calm: Stage, marc: Person) -> None:
    """PLP-044: the offer made during the outage is a real launch, without a transaction."""
    account = marc.account(NUMBER)
    plan(calm, "500")
    token = marc.tokens(marc.acts(account).text)["Ouvrir l'extranet sans action"]
    page = marc.enter(marc.launch(token).text)
    assert "HIM 010 001-5" in texts(page.text)
    assert calm.rows("SELECT act, transaction_id FROM link_launch WHERE account_id = ?", account) == [("consultation", None)]


def test_a_dead_extranet_answers_at_once_and_comes_back_with_its_memory(calm: Stage, marc: Person) -> None:
    """PL-05, BL-15: the process is killed; the menu says so; once it runs again, «Réessayer» finds the same list."""
    account = marc.account(NUMBER)
    before = marc.tokens(marc.acts(account).text).keys()
    assert "Arbitrage" in before
    for pid in calm.pids("extranet"):
        os.kill(pid, signal.SIGKILL)
    answer, took = timed(marc, account)
    assert took < BUDGET
    assert "La connexion au partenaire a échoué" in texts(answer.text)
    until(lambda: _answers(calm), seconds=60)
    calm.close_breaker()
    assert marc.tokens(retry(marc, answer).text).keys() == before


def _answers(stage: Stage) -> bool:
    try:
        return requests.get(stage.extranet, timeout=2).status_code < 500
    except requests.RequestException:
        return False


def test_a_frozen_extranet_holds_nobody_else(calm: Stage, marc: Person) -> None:
    """PL-05: while every call to the partner waits, the other pages come as before, and a fifth call is not begun."""
    account = marc.account(NUMBER)
    pages = ["/p/contacts/", "/p/portefeuille/comptes", "/healthz", "/notifications", "/p/nomineo/activation"]
    pages += [f"/p/portefeuille/comptes/{account}{tab}" for tab in ("", "/supports", "/transactions")]
    plan(calm, "latency", times=50)
    with ThreadPoolExecutor(12) as pool:
        slow = [pool.submit(timed, marc, account) for _ in range(4)]
        until(lambda: left(calm) == 46, seconds=2, every=0.02)
        fresh = Person(calm)
        assert [fresh.get(page).status_code for page in pages for _ in range(2)] == [200] * 16
        crowd = [pool.submit(timed, fresh, account) for _ in range(6)]
        turned_away = [future.result() for future in crowd]
        assert _waiting(slow) == 4, "the pages and the crowd were not answered before the slow calls"
    assert left(calm) == 46
    assert all("indisponible" in texts(answer.text) for answer, _ in turned_away)
    assert all(took < BUDGET for _, took in [*turned_away, *(future.result() for future in slow)])
    calm.sim("DELETE", "/faults")
    calm.close_breaker()
    assert "Arbitrage" in marc.tokens(marc.acts(account).text), "a crowd must not suspend the link"


def _waiting(slow: list[Future[tuple[requests.Response, float]]]) -> int:
    return sum(not future.done() for future in slow)


def test_the_breaker_opens_after_five_failures_and_closes_by_its_probe(calm: Stage, marc: Person) -> None:
    """PL-05, PLP-108, PLP-109: five calls, then none; after thirty seconds one probe; a good one closes it."""
    account = marc.account(NUMBER)
    plan(calm, "500", times=50)
    answers = [marc.acts(account) for _ in range(8)]
    assert left(calm) == 45
    assert all("signale une erreur" in texts(answer.text) for answer in answers[:4])
    assert all(CLOSED in texts(answer.text) for answer in answers[5:])
    assert all("Réessayer" in texts(answer.text) for answer in answers)
    assert "Ne répond pas depuis" in texts(marc.get(f"/p/portefeuille/comptes/{account}").text)
    thirty_seconds_pass(calm)
    assert "Ne répond pas depuis" not in texts(marc.get(f"/p/portefeuille/comptes/{account}").text)
    for _ in range(3):
        assert "Arbitrage" not in marc.tokens(marc.acts(account).text)
    assert left(calm) == 44, "a probe that fails opens it again"
    calm.sim("DELETE", "/faults")
    assert CLOSED in texts(marc.acts(account).text)
    thirty_seconds_pass(calm)
    assert "Arbitrage" in marc.tokens(marc.acts(account).text)
    assert calm.rows("SELECT state, failures FROM breaker WHERE operation = 'capabilities'") == [("closed", 0)]


def thirty_seconds_pass(stage: Stage) -> None:
    """Move the moment of opening instead of waiting: the breaker's state is in the database (PLP-108)."""
    for operation, opened in stage.read(select(BreakerRow.operation, BreakerRow.opened_at)):
        if opened is not None:
            sooner = databases.written(opened - timedelta(seconds=31))
            stage.write("UPDATE breaker SET opened_at = ? WHERE operation = ?", sooner, operation)


def test_other_cabinets_and_operations_have_their_own_breaker(calm: Stage, marc: Person) -> None:
    """PLP-108: the list's breaker is open; the feed is still polled."""
    account = marc.account(NUMBER)
    plan(calm, "500", times=50)
    for _ in range(6):
        marc.acts(account)
    assert calm.rows("SELECT operation, cabinet_id FROM breaker WHERE state = 'open'") == [("capabilities", 1)]


def test_a_refusal_is_no_failure_of_the_partner(calm: Stage, marc: Person) -> None:
    """PLP-108: 4xx do not count: a contract that the partner does not know never opens the breaker."""
    unknown = marc.account("HIM0099999")
    for _ in range(7):
        assert "ne connaît pas ce contrat" in texts(marc.acts(unknown).text)
    assert "Arbitrage" in marc.tokens(marc.acts(marc.account(NUMBER)).text)


def test_a_fault_at_the_hand_over_leaves_the_launch_usable(calm: Stage, marc: Person) -> None:
    """domain.md §3.6 #5: the partner fails as the browser arrives; the same hand-over page goes through afterwards."""
    account = marc.account("HIM0100017")
    token = marc.tokens(marc.acts(account).text)["Arbitrage"]
    page = marc.launch(token).text
    plan(calm, "500", times=1, op="initiate")
    assert marc.enter(page).status_code == 500
    assert calm.rows('SELECT status FROM "transaction" WHERE account_id = ?', account) == [("initiated",)]
    again = marc.get(f"/plp/launches/{token[0]}")
    assert again.status_code == 200
    assert "Arbitrage libre" in texts(marc.enter(again.text).text)
    assert calm.rows('SELECT status FROM "transaction" WHERE account_id = ?', account) == [("opened",)]
