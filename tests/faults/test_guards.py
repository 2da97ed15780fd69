"""What is not open stays closed: by menu, by forged post, in a race, after the fact (BL-10, BL-11)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.stage import Person
from tests.stage import Stage
from tests.stage import field
from tests.stage import texts
from tests.stage import until


def test_two_contracts_of_one_product_show_different_acts(stage: Stage, marc: Person) -> None:
    """BL-10, NX-03: same product, two clients, two lists; what is greyed says why, with reference and date."""
    easy = marc.acts(marc.account("HIM0012345")).text
    pending = marc.acts(marc.account("HIM0067890")).text
    assert "Rachat partiel" in marc.tokens(easy)
    assert "Rachat partiel" not in marc.tokens(pending)
    assert "Rachat total" not in marc.tokens(pending)
    assert "TXP-9981" in texts(pending)
    assert "15/11" in texts(pending)
    assert pending.count('aria-disabled="true"') == pending.count("e-item-why")


def test_a_forged_post_on_a_greyed_act_is_refused(stage: Stage, marc: Person) -> None:
    """BL-10: no token, a token of another act, of another session: 409 with a reason, nothing written."""
    account = marc.account("HIM0067890")
    tokens = marc.tokens(marc.acts(account).text)
    token, csrf = tokens["Arbitrage"]
    before = stage.rows('SELECT count(*) FROM "transaction"')
    for forged in ("", token[:-3] + "abc", token.replace("arbitrage", "rachat_partiel") + "x"):
        answer = marc.launch((forged, csrf), account_id=account, act="rachat_partiel")
        assert answer.status_code == 409, answer.text[:300]
        assert "n'est pas ouvert" in texts(answer.text)
    other = Person(stage, "administrateur@demo.example")
    theirs = other.tokens(other.acts(account).text)["Arbitrage"]
    assert other.launch((token, theirs[1])).status_code == 409
    assert stage.rows('SELECT count(*) FROM "transaction"') == before


def test_two_posts_of_one_form_make_one_transaction(stage: Stage, marc: Person) -> None:
    """BL-01, PLP-053: a double click, or two at once, is one launch."""
    account = marc.account("HIM0100007")
    token = marc.tokens(marc.acts(account).text)["Arbitrage"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: marc.launch(token), range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    count = stage.rows('SELECT count(*) FROM "transaction" WHERE account_id = ? AND plugin IS NOT NULL', account)
    assert count == [(1,)]
    assert stage.rows("SELECT count(DISTINCT launch_id) FROM link_launch WHERE account_id = ?", account) == [(1,)]


def test_a_launch_blocks_nothing_and_the_first_to_validate_wins(stage: Stage, marc: Person) -> None:
    """BL-11, PLP-051, PLP-079: both may open; the first validates; the other ends «Refusé»; a later post is 409."""
    boss = Person(stage, "administrateur@demo.example")
    account = marc.account("HIM0100008")
    late = marc.tokens(marc.acts(account).text)["Rachat total"]
    mine = marc.enter(marc.launch(marc.tokens(marc.acts(account).text)["Rachat total"]).text)
    theirs = boss.enter(boss.launch(boss.tokens(boss.acts(account).text)["Rachat total"]).text)
    assert (mine.status_code, theirs.status_code) == (200, 200)
    done = marc.validate(mine)
    assert done.status_code == 200, texts(done.text)[:500]
    lost = boss.http.get(theirs.url, timeout=30)
    assert "Cet acte n'est pas ouvert sur ce contrat" in texts(lost.text)
    assert "est en cours de traitement" in texts(lost.text)
    assert f'href="{stage.web}/plp/return?launch=' in lost.text
    wanted = 'SELECT status, reason_text FROM "transaction" WHERE account_id = ? ORDER BY created_at'
    rows = until(lambda: _both(stage.rows(wanted, account)))
    assert [status for status, _ in rows] == ["pending", "rejected"]
    assert "est en cours de traitement" in rows[1][1]
    refused = marc.launch(late)
    assert refused.status_code == 409
    assert "en cours de traitement" in texts(refused.text)


def _both(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return rows if sorted(status for status, _ in rows) == ["pending", "rejected"] else []


def test_an_act_made_directly_changes_the_next_list_and_has_no_status_here(stage: Stage, marc: Person) -> None:
    """BL-13: what did not begin here shows no status; yet the partner's list of acts takes it into account."""
    account = marc.account("HIM0100010")
    assert "Arbitrage" in marc.tokens(marc.acts(account).text)
    stage.sim("POST", "/direct", account="HIM0100010", action="arbitrage")
    assert "Arbitrage" not in marc.tokens(marc.acts(account).text)
    assert stage.rows('SELECT count(*) FROM "transaction" WHERE account_id = ? AND plugin IS NOT NULL', account) == [(0,)]


def test_a_launch_left_unfinished_blocks_nothing(stage: Stage, marc: Person) -> None:
    """PLP-051: opened and left, the act is open again at once, and nothing is «En attente» by a click."""
    account = marc.account("HIM0100012")
    marc.enter(marc.launch(marc.tokens(marc.acts(account).text)["Arbitrage"]).text)
    assert "Arbitrage" in marc.tokens(marc.acts(account).text)
    assert stage.rows('SELECT status FROM "transaction" WHERE account_id = ?', account) == [("opened",)]


def test_a_used_launch_does_not_serve_twice(stage: Stage, marc: Person) -> None:
    """PLP-065: reload of the hand-over page, the same entry again: a French page, no second session."""
    account = marc.account("HIM0100014")
    token = marc.tokens(marc.acts(account).text)["Arbitrage"]
    page = marc.launch(token).text
    assert marc.enter(page).status_code == 200
    again = marc.enter(page)
    assert "a déjà servi ou a expiré" in texts(again.text)
    resumed = marc.launch(token)
    assert (resumed.status_code, "a déjà servi" in texts(resumed.text)) == (410, True)


def test_the_unknown_contract_and_the_persons_who_may_not(stage: Stage, marc: Person) -> None:
    """BL-10, domain.md §3.6: unknown to the extranet, pledged, legal person, minor: each says why in French."""
    numbers = ("HIM0099999", "XAE0022091", "HCA0045612", "HIM0051001")
    said = {number: texts(marc.acts(marc.account(number)).text) for number in numbers}
    assert "ne connaît pas ce contrat" in said["HIM0099999"]
    assert "nanti" in said["XAE0022091"].lower()
    assert "Avance" in said["HCA0045612"]
    assert said["HIM0051001"].lower().count("mineur") >= 1


def test_a_pledge_noted_here_greys_surrenders_at_the_partners(stage: Stage, marc: Person) -> None:
    """AU-01, BL-10: what the partner would open is greyed with the creditor's name, a token of before too; agreed, it opens."""
    account = marc.account("HIM0100016")
    late = marc.tokens(marc.acts(account).text)["Rachat partiel"]
    ((holder,),) = stage.rows("SELECT contact_id FROM account_role WHERE account_id = ? AND role = 'SOUSCRIPTEUR'", account)
    home = f"/p/patrimoine/contacts/{holder}/nantissements"
    form = marc.get(f"{home}/nouveau").text
    sent = {name: field(form, name) for name in ("csrf_token", "once")}
    given = {"account": account, "creditor": "Banque du Port", "rank": "1", "pledged_on": "02/01/2026"}
    assert marc.post(f"{home}/nouveau", **sent, **given).status_code == 303
    shown = marc.acts(account).text
    assert "Rachat partiel" not in marc.tokens(shown)
    assert "Accord du créancier requis : ce compte est nanti au profit de Banque du Port" in texts(shown)
    refused = marc.launch(late)
    assert (refused.status_code, "nanti au profit de Banque du Port" in texts(refused.text)) == (409, True)
    ((pledge,),) = stage.rows("SELECT id FROM patrimoine_pledge WHERE account_id = ?", account)
    token = field(marc.get(f"{home}/{pledge}/accord").text, "csrf_token")
    assert marc.post(f"{home}/{pledge}/accord", csrf_token=token, agreed_on="03/01/2026").status_code == 303
    assert "Rachat partiel" in marc.acts(account).text
    assert "Accord du créancier requis" not in texts(marc.acts(account).text)


def test_an_assistant_sees_no_way_to_act(stage: Stage, marc: Person) -> None:
    """domain.md §3.6 #28: without the right to initiate, entries are absent (not greyed), and the server refuses."""
    sophie = Person(stage, "assistant@demo.example")
    account = sophie.account("HIM0067890")
    pages = (f"/p/portefeuille/comptes/{account}", f"/p/portefeuille/comptes/{account}/transactions")
    for page in pages:
        assert "<e-partner-menu" in marc.get(page).text
        seen = sophie.get(page)
        assert (seen.status_code, "<e-partner-menu" in seen.text) == (200, False)
    assert sophie.acts(account).status_code == 403
    assert sophie.get(f"/liens/comptes/{account}/types").status_code == 403
    token, _ = marc.tokens(marc.acts(account).text)["Arbitrage"]
    own = field(sophie.get(pages[0]).text, "csrf_token")
    assert sophie.launch((token, own)).status_code == 403
    followed_by_marc_only = marc.account("HIM0012345")
    assert sophie.get(f"/p/portefeuille/comptes/{followed_by_marc_only}").status_code == 404
