"""What stands between an adviser and an act, and acts that end otherwise than validated: who, why, what next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stage import Person
from tests.stage import Stage
from tests.stage import field
from tests.stage import texts
from tests.stage import until

CLOSED = "Cet acte n'est pas ouvert sur ce contrat"


def open_act(who: Person, number: str, act: str = "Arbitrage") -> tuple[str, str]:
    """A launch's hand-over page, not followed yet, and the account's id."""
    account = who.account(number)
    return who.launch(who.tokens(who.acts(account).text)[act]).text, account


def status(stage: Stage, account: str) -> tuple[str, str | None]:
    found = stage.rows('SELECT status, reason_text FROM "transaction" WHERE account_id = ? ORDER BY created_at', account)
    last: tuple[str, str | None] = found[-1]
    return last


def ends(stage: Stage, account: str, wanted: str) -> str:
    """Wait until the partner's word has come; its reason."""
    until(lambda: status(stage, account)[0] == wanted)
    return status(stage, account)[1] or ""


@pytest.mark.parametrize(
    ("number", "flag", "said"),
    [
        ("HIM0100034", "closed", "Le contrat est clos"),
        ("HIM0100036", "deceased", "décès du souscripteur"),
    ],
)
def test_an_act_closed_between_launch_and_arrival(stage: Stage, marc: Person, number: str, flag: str, said: str) -> None:
    """PLP-079, domain.md §3.6 #22, #23: the partner's page says why and leads back; ours ends «Refusé» with that reason."""
    page, account = open_act(marc, number)
    stage.sim("POST", f"/contracts/{number}", **{flag: True})
    arrived = marc.enter(page)
    assert CLOSED in texts(arrived.text)
    assert said in texts(arrived.text)
    assert f'href="{stage.web}/plp/return?launch=' in arrived.text
    assert said in ends(stage, account, "rejected")
    shown = texts(marc.get(f"/p/portefeuille/comptes/{account}/transactions").text)
    assert "Refusé" in shown
    assert said in shown
    assert "Arbitrage" not in marc.tokens(marc.acts(account).text)
    assert said in texts(marc.acts(account).text)


def test_an_act_closed_between_arrival_and_validation(stage: Stage, marc: Person) -> None:
    """PLP-079, BL-11: the form was open; validated after the act closed, it is refused with the reason, not taken."""
    page, account = open_act(marc, "HIM0100037", "Rachat partiel")
    form = marc.enter(page)
    stage.sim("POST", "/contracts/HIM0100037", pledged=True)
    lost = marc.validate(form)
    assert CLOSED in texts(lost.text)
    assert "nanti au profit" in ends(stage, account, "rejected")
    stage.sim("POST", "/contracts/HIM0100037", pledged=False)
    assert "Rachat partiel" in marc.tokens(marc.acts(account).text)


def test_an_act_given_up_is_cancelled(stage: Stage, marc: Person) -> None:
    """PLP-079: «Abandonner» before validation → «Annulé», seq 1; nothing is in the way of the next one."""
    page, account = open_act(marc, "HIM0100039")
    form = marc.enter(page)
    given_up = next(text for text in form.text.split("<form")[1:] if "Abandonner" in text)
    done = marc.submit(form.url, f"<form{given_up.split('</form>')[0]}</form>")
    assert "Vous avez abandonné cet acte" in texts(done.text)
    ends(stage, account, "cancelled")
    assert stage.rows('SELECT seq FROM "transaction" WHERE account_id = ?', account) == [(1,)]
    assert "Annulé" in texts(marc.get(f"/p/portefeuille/comptes/{account}/transactions").text)
    assert "Arbitrage" in marc.tokens(marc.acts(account).text)


def test_an_adviser_who_is_not_enrolled(stage: Stage) -> None:
    """BL-05b, domain.md §3.6 #6: what is missing, who can do it, where; his colleague goes on; enrolled again, so does he."""
    julie, anne = Person(stage, "conseiller2@demo.example"), Person(stage, "administrateur@demo.example")
    marc = Person(stage)
    account = julie.account("HIM0100028")
    page, _ = open_act(julie, "HIM0100028")
    (who,) = stage.rows("SELECT id FROM user_login WHERE email = 'conseiller2@demo.example'")
    for state, said, remedy in (
        ("suspended", "Votre habilitation chez Nominéo est suspendue.", "de rétablir votre habilitation"),
        ("not_enrolled", "Vous n'êtes pas habilité chez Nominéo.", "de vous habiliter"),
    ):
        enrol(anne, who[0], state)
        shown = julie.acts(account)
        assert said in texts(shown.text)
        assert f"Demandez à un administrateur du cabinet {remedy}." in texts(shown.text)
        assert 'href="/p/nomineo/conseillers"' in shown.text
        assert julie.tokens(shown.text) == {}
        assert "Ce lien a déjà servi ou a expiré" in texts(julie.enter(page).text)
        assert "Arbitrage" in marc.tokens(marc.acts(account).text)
    enrol(anne, who[0], "enrolled")
    until(lambda: "Arbitrage" in julie.tokens(julie.acts(account).text))


def enrol(administrator: Person, user_id: str, state: str) -> None:
    csrf = field(administrator.get("/p/nomineo/conseillers").text, "csrf_token")
    answer = administrator.post(f"/p/nomineo/conseillers/{user_id}", state=state, partner_code="", csrf_token=csrf)
    assert answer.status_code == 303, texts(answer.text)[:500]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A demonstration of its own: a revocation is final."""
    made = Stage(tmp_path_factory.mktemp("own"))
    yield made.start()
    made.stop()


def test_a_mandate_suspended_then_revoked_while_a_transaction_is_pending(own: Stage) -> None:
    """BL-05b, PLP-042, PLP-043, domain.md §3.6 #27: menu, hand-over and activation page say it; statuses still come."""
    marc, anne = Person(own), Person(own, "administrateur@demo.example")
    mandate = own.rows("SELECT reference FROM link_mandate WHERE state = 'active'")[0][0]
    pending = []
    for number in ("HIM0100007", "HIM0100008"):
        page, account = open_act(marc, number)
        marc.validate(marc.enter(page))
        ends(own, account, "pending")
        pending.append((account, own.rows('SELECT reference FROM "transaction" WHERE account_id = ?', account)[-1][0]))
    handed, idle = open_act(marc, "HIM0100010")
    stale = marc.tokens(marc.acts(idle).text)["Arbitrage"]
    states = (
        ("suspend", "suspended", "est suspendu par la compagnie", "de contacter l'inspecteur de la compagnie"),
        ("revoke", "revoked", "de votre cabinet a été révoqué", "de demander un nouveau mandat"),
    )
    for (step, state, said, remedy), (account, reference) in zip(states, pending, strict=True):
        own.sim("POST", f"/mandates/{mandate}/{step}", reason="other")
        until(lambda state=state: own.rows("SELECT state FROM link_mandate WHERE reference = ?", mandate) == [(state,)])
        menu = marc.acts(idle)
        assert said in texts(menu.text)
        assert f"Demandez à un administrateur du cabinet {remedy}." in texts(menu.text)
        assert 'href="/p/nomineo/activation"' in menu.text
        assert marc.tokens(menu.text) == {}
        assert said in texts(marc.get(f"/p/portefeuille/comptes/{idle}").text)
        refused = marc.launch(stale)
        assert (refused.status_code, said in texts(refused.text)) == (409, True)
        assert "Ce lien a déjà servi ou a expiré" in texts(marc.enter(handed).text)
        assert own.rows("SELECT count(*) FROM link_launch WHERE account_id = ?", idle) == [(1,)]
        own.sim("POST", f"/transactions/{reference}/status", status="validated")
        ends(own, account, "validated")
    page = texts(anne.get("/p/nomineo/activation").text)
    assert "Révoqué" in page
    assert "nouveau mandat" in page.lower()
    csrf = field(anne.get("/p/nomineo/activation").text, "csrf_token")
    assert anne.post("/p/nomineo/activation/decision/nouveau", csrf_token=csrf).status_code == 303
    without = marc.acts(idle)
    assert "Nominéo n'est pas activé pour votre cabinet." in texts(without.text)
    assert "Demandez à un administrateur du cabinet d'activer Nominéo." in texts(without.text)
    assert marc.tokens(without.text) == {}
