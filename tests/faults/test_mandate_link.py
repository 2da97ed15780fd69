"""The mandate over the whole product: two books, two programs, real signatures (BL-05, BL-05b, PLP-021, PLP-037..043).

On a stage of its own, since what happens to its mandate is final. The tests go on from one another, as a cabinet does.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from core.db.clock import now
from core.db.clock import today
from tests import databases
from tests.stage import Person
from tests.stage import Stage
from tests.stage import field
from tests.stage import texts
from tests.stage import until

HOME = "/p/nomineo/activation"
FORM = {
    "representative": "Anne Keller", "quality": "Gérante", "broker_code": "GP-20417", "email": "cabinet@demo.example",
    "place": "Nantes", "acts": ["arbitrage", "rachat_partiel", "rachat_total", "consultation"],
}  # fmt: skip
EASY, OTHER = "HIM0012345", "HIM0100007"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("mandate"))
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture(scope="module")
def boss(own: Stage) -> Person:
    return Person(own, "administrateur@demo.example")


@pytest.fixture(scope="module")
def camille(own: Stage) -> Person:
    """The adviser at work while the boss decides."""
    return Person(own)


def do(boss: Person, path: str, page: str = HOME, **values: Any) -> None:
    """One step of the administrator's, from the page as it is shown now."""
    shown = boss.get(page).text.split("<main", 1)[1]
    answer = boss.post(f"{HOME}/{path}", csrf_token=field(shown, "csrf_token"), seen=field(shown, "seen"), **values)
    assert answer.status_code == 303, texts(answer.text)[:800]


def row(own: Stage) -> dict[str, Any]:
    """The cabinet's current mandate."""
    names = "reference, state, partner_state, version, partner_seq, received_on, code_tries, suspended_by"
    sql = f"SELECT {names} FROM link_mandate WHERE cabinet_id = 1 ORDER BY created_at DESC LIMIT 1"  # noqa: S608 - our own names
    return dict(zip(names.split(", "), own.rows(sql)[0], strict=True))


def theirs(own: Stage, reference: str) -> dict[str, Any]:
    """What the company's book holds of a mandate; empty where it knows none."""
    with sqlite3.connect(own.folder / "extranet.sqlite", timeout=15) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute("SELECT * FROM mandates WHERE mandate = ?", (reference,)).fetchone()
    return {**dict(found), "document": json.loads(found["document"])} if found else {}


def is_state(own: Stage, state: str) -> None:
    """Until the hook has come and the mandate stands there."""
    until(lambda: row(own)["state"] == state)


def activated(own: Stage) -> list[list[dict[str, Any]]]:
    """The attempts of each hook that says «active»."""
    return [hook["attempts"] for hook in own.sim("GET", "/hooks") if hook["type"] == "mandate.activated"]


def both(own: Stage) -> None:
    """Until the company holds the newest version, with the state that stands here."""
    until(lambda: theirs(own, row(own)["reference"]).get("version") == row(own)["version"])
    wanted = "active" if row(own)["suspended_by"] == "partner" else row(own)["state"]
    assert theirs(own, row(own)["reference"])["document"]["state"] == wanted


def paper_code(own: Stage, boss: Person) -> str:
    """The code on the paper that the cabinet downloads."""
    address = re.findall(rf'href="({HOME}/documents/[^"]+)"', boss.get(HOME).text)[0]
    pdf = boss.get(address).content
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    found = re.search(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}", text)
    assert found, text
    return found.group(0)


def test_a_suspension_of_ours_closes_the_acts_and_leaves_the_news_open(own: Stage, boss: Person, camille: Person) -> None:
    """PLP-042, PLP-043, BL-05b: greyed and refused at once; the company is told; a status still comes; then lifted."""
    account = camille.account(EASY)
    done = camille.validate(camille.enter(camille.launch(camille.tokens(camille.acts(account).text)["Arbitrage"]).text))
    assert done.status_code == 200, texts(done.text)[:500]
    reference = until(lambda: own.rows('SELECT reference FROM "transaction" WHERE status = ?', "pending"))[0][0]
    held = camille.tokens(camille.acts(camille.account(OTHER)).text)["Rachat total"]
    do(boss, "decision/suspendre", reason="Contrôle interne")
    refused = camille.launch(held)
    assert refused.status_code == 409
    assert "suspendu par votre cabinet" in texts(refused.text)
    said = texts(camille.acts(account).text)
    assert "est suspendu par votre cabinet" in said
    assert "administrateur du cabinet de le rétablir" in said
    both(own)
    own.sim("POST", f"/transactions/{reference}/status", status="validated")
    until(lambda: own.rows('SELECT status FROM "transaction" WHERE reference = ?', reference) == [("validated",)])
    own.poll()  # the feed answers too
    do(boss, "decision/retablir")
    both(own)
    assert "Rachat total" in camille.tokens(camille.acts(camille.account(OTHER)).text)


def test_a_suspension_of_the_company_s_is_lifted_by_it_alone(own: Stage, boss: Person, camille: Person) -> None:
    """PLP-041, PLP-042: the word comes by hook, with its reason; no button lifts it; the second activation has no code."""
    reference = row(own)["reference"]
    own.sim("POST", f"/mandates/{reference}/suspend", reason={"code": "other", "text": "Dossier à revoir."})
    is_state(own, "suspended")
    page = boss.get(HOME).text
    assert "La compagnie a suspendu l'accès" in texts(page)
    assert "Dossier à revoir." in texts(page)
    assert "decision/retablir" not in page
    token = field(page.split("<main", 1)[1], "csrf_token")
    assert boss.post(f"{HOME}/decision/retablir", csrf_token=token).status_code == 409
    assert "suspendu par la compagnie" in texts(camille.acts(camille.account(EASY)).text)
    version = row(own)["version"]
    own.sim("POST", f"/mandates/{reference}/activate")
    is_state(own, "active")
    assert row(own)["version"] == version  # nothing of ours changed, so that the acts are open again at once
    assert "Rachat total" in camille.tokens(camille.acts(camille.account(OTHER)).text)


def test_a_revocation_ends_launches_and_codes_and_lets_the_news_come(own: Stage, boss: Person, camille: Person) -> None:
    """PLP-043, BL-05b: menu, held act, handed-over launch and code given out all die at once; the `PUT` does not.

    The transaction that was pending still gets its status by hook, and the feed is still read.
    """
    account = camille.account(OTHER)
    done = camille.validate(camille.enter(camille.launch(camille.tokens(camille.acts(account).text)["Arbitrage"]).text))
    assert done.status_code == 200, texts(done.text)[:500]
    pending = until(lambda: own.rows('SELECT reference FROM "transaction" WHERE status = ?', "pending"))[0][0]
    acts = camille.tokens(camille.acts(camille.account(EASY)).text)
    held, handed = acts["Rachat partiel"], camille.launch(acts["Rachat total"]).text
    coded = camille.launch(acts["Arbitrage"]).text
    first = camille.enter(coded, follow=False)  # the company begins the flow…
    second = camille.http.get(first.headers["Location"], timeout=30, allow_redirects=False)  # …and we give it a code
    assert "code=" in second.headers["Location"]
    reference = row(own)["reference"]
    do(boss, "decision/revoquer", reason="Fin du partenariat")
    assert camille.launch(held).status_code == 409
    entered = texts(camille.enter(handed).text)
    assert "Rachat total" not in entered
    exchanged = camille.http.get(second.headers["Location"], timeout=30)
    assert exchanged.status_code >= 400, texts(exchanged.text)[:300]
    open_ones = "SELECT count(*) FROM link_launch WHERE mandate = ? AND expires_at > ?"
    until(lambda: own.rows(open_ones, reference, databases.written(now())) == [(0,)], seconds=3)  # they had two minutes
    said = texts(camille.acts(account).text)
    assert "a été révoqué" in said
    assert "demander un nouveau mandat" in said
    both(own)
    assert theirs(own, reference)["ended_at"] is not None
    own.sim("POST", f"/transactions/{pending}/status", status="validated")
    until(lambda: own.rows('SELECT status FROM "transaction" WHERE reference = ?', pending) == [("validated",)])
    own.poll()


def test_a_new_mandate_goes_from_screen_to_the_company_and_back(own: Stage, boss: Person, camille: Person) -> None:
    """BL-04, BL-05, PLP-037, PLP-021: filled on screen, sent, 202, received, five wrong codes, a new paper, active."""
    former = row(own)["reference"]
    do(boss, "decision/nouveau")
    reference = row(own)["reference"]
    assert (row(own)["state"], reference != former) == ("none", True)
    do(boss, "remplir", f"{HOME}/remplir", signed_on=f"{today():%d/%m/%Y}", **FORM)
    send(boss)
    assert theirs(own, former)["document"]["state"] == "revoked"
    until(lambda: theirs(own, reference))
    assert theirs(own, reference)["state"] is None  # 202: kept until the paper comes
    assert theirs(own, reference)["document"]["scopes"] == ["capabilities", "status", *(f"launch:{a}" for a in FORM["acts"])]
    assert "en cours : transmis à l'inspecteur" in texts(camille.acts(camille.account(EASY)).text)
    own.sim("POST", f"/mandates/{reference}/receive")
    is_state(own, "received")
    assert row(own)["received_on"] == str(today())
    assert "Activation en cours" in texts(boss.get(HOME).text)
    right = paper_code(own, boss)
    for number in range(1, 6):
        own.sim("POST", f"/mandates/{reference}/activate", code=f"0000-0000-000{number}")
        until(lambda wanted=number: row(own)["code_tries"] >= wanted)  # a delivery whose answer was lost counts again
    # the company writes an answer down after our side has counted it
    sent = until(lambda: (found := activated(own)) and all(found) and found)
    refused = [attempts[-1]["http_status"] for attempts in sent]
    assert refused[-5:] == [422] * 5
    own.sim("POST", f"/mandates/{reference}/activate", code=right)
    until(lambda: _answers(own)[-1:] == [422] and len(_answers(own)) > len(refused))
    assert row(own)["state"] == "received"
    assert "Code d'activation hors d'usage" in texts(boss.get(HOME).text)
    do(boss, "generer")
    fresh = paper_code(own, boss)
    assert fresh != right
    do(boss, "remplir", f"{HOME}/remplir", signed_on=f"{today():%d/%m/%Y}", **FORM)
    send(boss)
    own.sim("POST", f"/mandates/{reference}/activate", code=paper_code(own, boss).lower())
    is_state(own, "active")
    both(own)
    assert _answers(own)[-1] == 204
    assert set(camille.tokens(camille.acts(camille.account(EASY)).text)) >= {"Rachat total"}


def test_what_is_not_mandated_is_greyed(own: Stage, camille: Person) -> None:
    """PLP-040, BL-10: an act left out of the mandate is shown, closed, with whom to ask."""
    shown = camille.acts(camille.account(EASY)).text
    assert "Versement complémentaire" not in camille.tokens(shown)
    assert "Versement complémentaire" in texts(shown)
    assert "étendre le mandat" in texts(shown)


def test_an_adviser_taken_off_the_mandate_is_told_and_the_company_too(own: Stage, boss: Person, camille: Person) -> None:
    """PLP-010, PLP-038, BL-05b: next version without him → 200; his click calls nobody; another's goes on."""
    page = boss.get("/p/nomineo/conseillers").text
    marc = re.search(r"Marc Diallo.*?/p/nomineo/conseillers/(\w{26})", page, re.S)
    assert marc
    token = field(page.split("<main", 1)[1], "csrf_token")
    for state, listed in (("suspended", False), ("enrolled", True)):
        answer = boss.post(f"/p/nomineo/conseillers/{marc.group(1)}", csrf_token=token, state=state, partner_code="")
        assert answer.status_code == 303
        both(own)
        names = [adviser["display"] for adviser in theirs(own, row(own)["reference"])["document"]["advisers"]]
        assert ("Marc Diallo" in names) == listed
        said = texts(camille.acts(camille.account(EASY)).text)
        assert ("Votre habilitation chez Nominéo est suspendue" in said) == (not listed)
        assert "Arbitrage" in boss.tokens(boss.acts(boss.account(EASY)).text)


def test_a_mandate_may_be_returned_then_refused(own: Stage, boss: Person) -> None:
    """BL-05, PLP-041: the reason is read here; completed and sent again; refused is final and a new one may be asked."""
    do(boss, "decision/revoquer", reason="Changement de code")
    both(own)
    do(boss, "decision/nouveau")
    do(boss, "remplir", f"{HOME}/remplir", signed_on=f"{today():%d/%m/%Y}", **FORM)
    send(boss)
    reference = row(own)["reference"]
    until(lambda: theirs(own, reference))
    own.sim("POST", f"/mandates/{reference}/receive")
    own.sim("POST", f"/mandates/{reference}/return", reason={"code": "other", "text": "Signature absente."})
    is_state(own, "returned")
    assert row(own)["received_on"] is None
    page = texts(boss.get(HOME).text)
    assert "Mandat renvoyé incomplet" in page
    assert "Signature absente." in page
    do(boss, "remplir", f"{HOME}/remplir", signed_on=f"{today():%d/%m/%Y}", **FORM)
    send(boss)
    both(own)
    own.sim("POST", f"/mandates/{reference}/receive")
    is_state(own, "received")
    own.sim("POST", f"/mandates/{reference}/refuse", reason={"code": "other", "text": "Cabinet inconnu."})
    is_state(own, "refused")
    page = texts(boss.get(HOME).text)
    assert "Mandat refusé" in page
    assert "Cabinet inconnu." in page
    assert "Demander un nouveau mandat" in page


def _answers(own: Stage) -> list[int]:
    """What we answered to each try at an activation."""
    hooks = [hook for hook in own.sim("GET", "/hooks") if hook["type"] == "mandate.activated"]
    return [attempt["http_status"] for hook in hooks for attempt in hook["attempts"]]


def send(boss: Person) -> None:
    """The mandate goes to the inspector."""
    day: date = today()
    do(
        boss, "transmettre", f"{HOME}/transmettre", inspector_name="Claire Vasseur",
        inspector_email="inspection@nomineo.example", sent_on=day.isoformat(),
    )  # fmt: skip
