"""Forged, stale, doubled, late, foreign: each ends on a French page that says what, why, what to do; nothing half-written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from tests.faults.later import Later
from tests.stage import Person
from tests.stage import Stage
from tests.stage import field
from tests.stage import texts


@pytest.fixture
def on_time(calm: Stage) -> Iterator[Stage]:
    """The stage, the extranet's clock set right again at the end."""
    yield calm
    calm.sim("POST", "/clock", offset_s=0)


@pytest.fixture(scope="module")
def later(stage: Stage) -> Iterator[Later]:
    """Just after a launch's 120 seconds, and after the minute for which a list may be believed."""
    made = Later(stage, 125)
    yield made.start()
    made.stop()


@pytest.fixture(scope="module")
def evening(stage: Stage) -> Iterator[Later]:
    """Five hours on: whoever did nothing meanwhile has no session any more."""
    made = Later(stage, 5 * 3600)
    yield made.start()
    made.stop()


def written(stage: Stage, account: str) -> list[tuple[int, ...]]:
    """How many transactions and launches an account has."""
    launches = stage.rows("SELECT count(*) FROM link_launch WHERE account_id = ?", account)
    return [*launches, *stage.rows('SELECT count(*) FROM "transaction" WHERE account_id = ? AND plugin IS NOT NULL', account)]


def says(answer: requests.Response, status: int, *words: str) -> None:
    """One clear French page: its status, what, why, what to do."""
    said = texts(answer.text)
    assert answer.status_code == status, said[:500]
    assert '<html lang="fr"' in answer.text
    assert re.search(r"<h1[^>]*>\s*\S", answer.text)
    for word in words:
        assert word in said, said[-900:]


def start(who: Person, number: str, act: str = "Arbitrage") -> tuple[str, tuple[str, str]]:
    account = who.account(number)
    return account, who.tokens(who.acts(account).text)[act]


def test_an_expired_launch_says_so_and_sends_nothing(stage: Stage, marc: Person, later: Later) -> None:
    """PLP-068, PLP-071, domain.md §3.6 #11: after 120 s the page, the form again and the extranet refuse; a new one works."""
    account, token = start(marc, "HIM0100022")
    page = marc.launch(token)
    assert page.status_code == 200
    before = written(stage, account)
    says(later.get(marc, f"/plp/launches/{token[0]}"), 410, "a expiré", "deux minutes", "Repartez de la liste")
    says(later.post(marc, "/plp/launches", token=token[0], csrf_token=token[1]), 410, "a expiré", "rien n'a été transmis")
    refused = later.enter(marc, page.text)
    assert refused.url.startswith(stage.extranet)
    says(refused, 400, "Ce lien a déjà servi ou a expiré. Revenez à votre logiciel et recommencez.", "Référence")
    assert written(stage, account) == before == [(1,), (1,)]
    assert stage.rows('SELECT status FROM "transaction" WHERE account_id = ?', account) == [("initiated",)]
    _, again = start(marc, "HIM0100022")
    assert "Arbitrage libre" in texts(marc.enter(marc.launch(again).text).text)


def test_a_list_older_than_a_minute_is_asked_again(on_time: Stage, marc: Person, later: Later) -> None:
    """PLP-050, BL-10: a stale form launches what is still open, and says why not, what is closed or cannot be asked."""
    account, token = start(marc, "HIM0100025", "Versement complémentaire")
    _, closed = start(marc, "HIM0100025", "Rachat partiel")
    on_time.sim("POST", "/direct", account="HIM0100025", action="rachat_total")
    on_time.sim("POST", "/clock", offset_s=later.seconds)
    gone = later.post(marc, "/plp/launches", token=closed[0], csrf_token=closed[1])
    says(gone, 409, "est en cours de traitement", "Aucune transaction n'a été créée", "Revenir")
    on_time.sim("POST", "/faults", op="capabilities", kind="500", times=-1)
    away = later.post(marc, "/plp/launches", token=token[0], csrf_token=token[1])
    says(away, 503, "signale une erreur", "Rien n'a été lancé. Réessayez dans un instant.")
    assert written(on_time, account) == [(0,), (0,)]
    on_time.sim("DELETE", "/faults")
    assert later.post(marc, "/plp/launches", token=token[0], csrf_token=token[1]).status_code == 200
    assert written(on_time, account) == [(1,), (1,)]


def test_the_hand_over_page_again_and_the_back_button(stage: Stage, marc: Person) -> None:
    """PLP-056, PLP-065: until the launch is consumed a reload is the same launch; afterwards it says that it has served."""
    account, token = start(marc, "HIM0100026")
    page = marc.launch(token)
    reloaded = marc.get(f"/plp/launches/{token[0]}")
    assert reloaded.status_code == 200
    hint = re.compile(r'name="plp_message_hint" value="([^"]+)"')
    assert hint.findall(reloaded.text) == hint.findall(page.text) == hint.findall(marc.launch(token).text)
    act = marc.enter(reloaded.text)
    for back in (marc.get(f"/plp/launches/{token[0]}"), marc.launch(token)):
        says(back, 410, "a déjà servi", "ne sert qu'une fois", "repartez de la liste des actes", "Revenir au compte")
    says(marc.enter(page.text), 400, "Ce lien a déjà servi ou a expiré")
    assert marc.http.get(act.url, timeout=30).status_code == 200
    assert written(stage, account) == [(1,), (1,)]


def test_a_form_whose_post_never_arrived_is_one_button_away(stage: Stage, marc: Person) -> None:
    """PLP-054, interfaces.md: its link shows a page whose one button posts the same form; nobody else can see it."""
    account, token = start(marc, "HIM0100027")
    address = f"/plp/launches/{token[0]}"
    asked = marc.get(address, Accept="application/json")
    assert asked.json() == {"received": False, "consumed": False}
    page = marc.get(address)
    says(page, 200, "n'est pas encore partie", "Rien n'a été lancé", "Ouvrir Nominéo")
    assert page.text.count("<button") == 1
    assert written(stage, account) == [(0,), (0,)]
    for other in (Person(stage), Person(stage, "administrateur@demo.example"), Person(stage, "administrateur@second.example")):
        says(other.get(address), 404, "n'existe pas dans votre session")
        assert "HIM0100027" not in other.get(address).text
    resumed = marc.launch((field(page.text, "token"), field(page.text, "csrf_token")))
    assert "Arbitrage libre" in texts(marc.enter(resumed.text).text)
    assert marc.launch(token).status_code == 410
    assert written(stage, account) == [(1,), (1,)]


@pytest.mark.parametrize("email", ["administrateur@demo.example", "administrateur@second.example"])
def test_a_form_of_somebody_else_launches_nothing(stage: Stage, marc: Person, email: str) -> None:
    """BL-10: another user's form, of the same cabinet or of another, is refused, with the way on."""
    account, token = start(marc, "HIM0100029")
    other = Person(stage, email)
    own = field(other.get("/p/contacts/").text, "csrf_token")
    says(other.launch((token[0], own)), 409, "dans une autre session que la vôtre", "ouvrez une liste à jour")
    assert written(stage, account) == [(0,), (0,)]


def test_a_form_without_its_token_or_from_another_site(stage: Stage, marc: Person) -> None:
    """PLP-061: CSRF: no token, a wrong one, another site's page: 400 in French; nothing written."""
    account, token = start(marc, "HIM0100029")
    for csrf in ("", "x", token[1][:-2] + "zz"):
        says(marc.launch((token[0], csrf)), 400, "Formulaire périmé", "rien n'a été enregistré", "rechargez-la")
    form = {"token": token[0], "csrf_token": token[1]}
    for site in ("cross-site", "same-site"):
        answer = marc.http.post(
            f"{stage.web}/plp/launches", data=form, headers={"Sec-Fetch-Site": site}, timeout=30, allow_redirects=False
        )
        says(answer, 400, "Demande venue d'un autre site", "n'a pas été exécutée")
    assert written(stage, account) == [(0,), (0,)]


def test_a_session_that_ended_in_mid_way(stage: Stage, marc: Person, evening: Later) -> None:
    """PLP-067: the extranet says to sign in again; fragments and posts are 401; pages lead to sign-in and back."""
    account, token = start(marc, "HIM0100031")
    _, unposted = start(marc, "HIM0100031")
    page = marc.launch(token)
    before = written(stage, account)
    expired = evening.get(marc, f"/liens/nomineo/comptes/{account}/actes", **{"X-Fragment": "1"})
    says(expired, 401, "Votre session a pris fin", "Reconnectez-vous dans un autre onglet, puis recommencez ici")
    late = evening.post(marc, "/plp/launches", token=unposted[0], csrf_token=unposted[1])
    says(late, 401, "Session expirée", "rien de ce que vous venez de demander n'a été exécuté")
    where = evening.get(marc, f"/p/portefeuille/comptes/{account}?x=1")
    assert where.status_code == 302
    assert where.headers["Location"].endswith(f"/connexion?next=/p/portefeuille/comptes/{account}?x%3D1")
    lost = evening.enter(marc, page.text)
    assert lost.url.startswith(stage.extranet)
    says(lost, 400, "Votre session est fermée sur votre logiciel. Reconnectez-vous-y et recommencez.", "Référence")
    assert written(stage, account) == before
    assert "Arbitrage libre" in texts(marc.enter(page.text).text), "the refusal consumed nothing (PLP-065)"


def test_signed_out_between_the_list_and_the_act(stage: Stage) -> None:
    """PLP-067, PLP-068: signed out, then in again: the former session's launch stays closed."""
    marc = Person(stage)
    account, token = start(marc, "HIM0100033")
    page = marc.launch(token).text
    marc.post("/deconnexion", csrf_token=token[1])
    says(marc.enter(page), 400, "Votre session est fermée sur votre logiciel")
    again = Person(stage)
    marc.http.cookies.update(again.http.cookies)
    says(marc.enter(page), 400, "Ce lien a déjà servi ou a expiré")
    own = field(marc.get("/p/contacts/").text, "csrf_token")
    says(marc.launch((token[0], own)), 409, "dans une autre session que la vôtre")
    assert stage.rows('SELECT status FROM "transaction" WHERE account_id = ?', account) == [("initiated",)]


def test_unknown_ids_and_those_of_another_cabinet_are_one_answer(stage: Stage, marc: Person) -> None:
    """domain.md §3.6 #17, #18: a wrong id, an account of a colleague, of another cabinet: the same 404, no byte of it."""
    paul = Person(stage, "administrateur@second.example")
    colleague = Person(stage, "administrateur@demo.example").account("HIM0100009")
    ours = marc.account("HIM0012345")
    for who, account in ((marc, "0" * 26), (marc, colleague), (paul, ours), (paul, "0" * 26)):
        for path in ("/liens/nomineo/comptes/{}/actes", "/p/portefeuille/comptes/{}", "/liens/comptes/{}/types"):
            answer = who.get(path.format(account))
            says(answer, 404, "Revenez à la page précédente, ou à l'accueil")
            assert "HIM0" not in answer.text
    says(marc.get("/plp/return?launch=lch_unknown"), 404, "ne correspond à aucune de vos ouvertures")


def test_what_no_browser_sends(stage: Stage, marc: Person) -> None:
    """PL-05: an address that is none as Referer, a number beyond every integer: the page as ever."""
    account = marc.account("HIM0012345")
    for path in (f"/liens/nomineo/comptes/{account}/actes", f"/liens/comptes/{account}/types"):
        assert "Arbitrage" in marc.tokens(marc.get(path, Referer="http://[", **{"X-Fragment": "1"}).text)
    last = marc.get("/live").json()["position"]
    for after in ("9" * 30, "-5", str(last + 1)):
        assert marc.get(f"/live?after={after}").json() == {"events": [], "last": last, "position": last}
