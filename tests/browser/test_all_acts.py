"""Every act that the partner lists, filled on its real form and validated, and what its form says of wrong typing."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.gestures import begin
from tests.browser.gestures import on_contract
from tests.browser.gestures import open_list
from tests.browser.gestures import spelled
from tests.browser.gestures import to_account
from tests.stage import Person
from tests.stage import Stage
from tests.stage import texts
from tests.stage import until

#: Act, a contract on which it is open, what is typed beside the usual, the amount that comes back.
ACTS = [
    ("Arbitrage", "HIM0100030", {}, "1 000,00"),
    ("Versement complémentaire", "HIM0100030", {"amount": "2 345,67"}, "2 345,67"),
    ("Versements programmés", "HIM0100030", {"amount": "150"}, "150,00"),
    ("Versements programmés : modification", "HIM0100026", {"amount": "175,50"}, "175,50"),
    ("Versements programmés : suspension", "HIM0100002", {}, None),
    ("Rachat partiel", "HIM0100030", {}, "1 500,00"),
    ("Rachats programmés", "HIM0100033", {"amount": "200"}, "200,00"),
    ("Rachats programmés : modification", "XAE0200006", {"amount": "310"}, "310,00"),
    ("Rachats programmés : suspension", "HIM0100030", {}, None),
    ("Rachat total", "XAE0200009", {}, "54 992,67"),
    ("Avance", "XAE0200010", {"purpose": "Achat d'un véhicule"}, "1 500,00"),
    ("Clause bénéficiaire", "XAE0200015", {"clause": "Mes petits-enfants par parts égales, à défaut mes héritiers."}, None),
    ("Option de sécurisation", "HIM0100001", {}, None),
]
#: Act, contract, what is typed wrongly, what its form says.
WRONG = [
    ("Versement complémentaire", "XAE0200017", {"amount": "mille"}, "Saisissez un montant, par exemple 1 500,00."),
    ("Versement complémentaire", "XAE0200017", {"amount": "12"}, "Le minimum est de 1 000,00 €."),
    ("Versement complémentaire", "XAE0200017", {"iban": "FR76 3000 6000 0112 3456 7890 188"}, "Cet IBAN n'est pas valide"),
    ("Versement complémentaire", "XAE0200017", {"origin": ""}, "Choisissez une réponse dans la liste."),
    ("Versements programmés", "XAE0200017", {"first": "2020-01-01"}, "La date est possible à partir du"),
    ("Versements programmés", "XAE0200017", {"first": "bientôt"}, "Saisissez une date."),
    ("Rachat partiel", "XAE0200017", {"amount": "99 999 999"}, "Le maximum est de"),
    ("Avance", "XAE0200017", {"purpose": "x"}, "Saisissez de 5 à 300 caractères."),
    ("Rachat total", "XAE0200017", {"confirm": ""}, "Confirmez la clôture du contrat."),
    ("Clause bénéficiaire", "XAE0200017", {"clause": "trop court"}, "Saisissez de 20 à 1 500 caractères."),
    ("Arbitrage", "XAE0200017", {"kid": ""}, "Confirmez la remise des documents d'informations clés."),
    ("Arbitrage", "XAE0200017", {"out:EURO-1": "999999999"}, "L'épargne est de"),
]


def the_form(page: requests.Response) -> str:
    """The act's own form, as it stands on its page."""
    return next(form for form in re.findall(r"<form.*?</form>", page.text, re.S) if 'id="act"' in form)


def test_the_list_above_is_the_partners(stage: Stage) -> None:
    """BL-12: every act that the extranet offers on a Himalia is tried below; none is forgotten when one is added."""
    marc = Person(stage)
    shown = marc.acts(marc.account("HIM0100033")).text
    offered = set(re.findall(r"</svg>([^<]+?)<", "".join(re.findall(r"<button[^>]*data-item.*?</button>", shown, re.S))))
    wanted = {label for label, *_ in ACTS} | {"Consulter le contrat"}
    assert {label.replace("\u202f", " ").strip() for label in offered} == wanted


@pytest.mark.parametrize(("act", "number", "values", "amount"), ACTS, ids=[act for act, *_ in ACTS])
def test_each_act_is_validated_there_and_pending_here(
    stage: Stage, act: str, number: str, values: dict[str, str], amount: str | None
) -> None:
    """BL-12, BL-13: the form, the recapitulation, the receipt; then «En attente» here with reference and amount."""
    marc = Person(stage)
    receipt = texts(marc.validate(begin(marc, number, labelled(marc, number, act)), **values).text)
    assert "accusé de réception" in receipt, receipt[:1500]
    reference = re.search(r"TXP-\d+", receipt)
    assert reference
    account = marc.account(number)
    wanted = 'SELECT status FROM "transaction" WHERE account_id = ? AND partner_ref = ?'
    until(lambda: stage.rows(wanted, account, reference.group()) == [("pending",)])
    table = marc.get(f"/p/portefeuille/comptes/{account}/transactions").text
    line = next(texts(row) for row in re.findall(r"<tr.*?</tr>", table, re.S) if reference.group() in row)
    line = re.sub(r"\s", " ", line)
    assert "En attente" in line
    assert act in line
    assert (f" {amount} €" in line) if amount else ("€" not in line), line


@pytest.mark.parametrize(("act", "number", "values", "said"), WRONG, ids=[f"{act}-{n}" for n, (act, *_) in enumerate(WRONG)])
def test_wrong_typing_is_said_in_french_and_kept(
    stage: Stage, act: str, number: str, values: dict[str, str], said: str
) -> None:
    """BL-12, Bad input: what is wrong, beside its field and in a summary; what was typed is still there."""
    marc = Person(stage)
    page = begin(marc, number, labelled(marc, number, act))
    answer = marc.submit(page.url, the_form(page), **values)
    read = re.sub(r"\s", " ", texts(answer.text))
    assert "La saisie est à corriger." in read
    assert read.count(said) >= 2, read[:2000]
    assert "Valider la transaction" not in read
    for value in filter(None, values.values()):
        assert value in answer.text or value == "bientôt"
    status = stage.rows(
        'SELECT DISTINCT status FROM "transaction" WHERE account_id = ? AND plugin IS NOT NULL', marc.account(number)
    )
    assert status == [("opened",)], "a form refused is not «En attente»"


def test_an_act_our_code_does_not_know_in_the_browser(stage: Stage, enter: Enter) -> None:
    """PLP-044, BL-12: «Option de sécurisation»: shown by the partner's label, launched by its code, followed here."""
    number = "HIM0100013"
    page = enter(expected=("422 (UNPROCESSABLE ENTITY)",))
    to_account(page, stage, number, "Transactions")
    with page.context.expect_page() as opened:
        open_list(page, number).get_by_role("button", name="Option de sécurisation").click()
    extranet = opened.value
    on_contract(extranet, stage, spelled(number))
    extranet.get_by_role("button", name="Continuer").click()
    expect(extranet.get_by_text("La saisie est à corriger.")).to_be_visible()
    expect(extranet.get_by_text("Choisissez une réponse dans la liste.").first).to_be_visible()
    extranet.get_by_label("Seuil de déclenchement").select_option("10 % de plus-value")
    extranet.get_by_label("Contrôle du seuil").select_option("Chaque mois")
    extranet.get_by_role("checkbox").check()
    extranet.get_by_role("button", name="Continuer").click()
    extranet.get_by_role("button", name="Valider la transaction").click()
    row = page.get_by_role("row").nth(1)
    expect(row.get_by_text("En attente", exact=True)).to_be_visible(timeout=15000)
    expect(row).to_contain_text("Option de sécurisation")
    expect(row).to_contain_text(re.compile(r"TXP-\d+"))


def labelled(marc: Person, number: str, act: str) -> str:
    """The act's label as the list spells it: its narrow spaces are the partner's."""
    offered = marc.tokens(marc.acts(marc.account(number)).text)
    return next(label for label in offered if label.replace("\u202f", " ") == act)
