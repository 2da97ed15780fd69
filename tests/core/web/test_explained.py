"""What is wrong with what was typed is said: what, why, what to do (issue 3, «Bad input»; ux.md §3.2, rule 13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.web import explained
from core.web import fields
from core.web import forms
from core.web import inputs

SAID: tuple[tuple[Callable[[str], Any], str, str], ...] = (
    (inputs.day, "31/02/2026", "Le 31 février n'existe pas : février 2026 finit le 28."),
    (inputs.day, "31.04.2026", "Le 31 avril n'existe pas : avril 2026 finit le 30."),
    (inputs.day, "2026-06-32", "Le 32 juin n'existe pas : juin 2026 finit le 30."),
    (inputs.day, "29/02/2025", "Le 29 février n'existe pas en 2025, qui n'est pas bissextile"),
    (inputs.day, "03/14/2026", "Le mois 14 n'existe pas : écrivez le jour avant le mois, ici 14/03/2026."),
    (inputs.day, "31/13/2026", "Le mois 13 n'existe pas : il va de 01 à 12."),
    (inputs.day, "14/03/68", "Écrivez l'année en quatre chiffres : 14/03/1968 ou 14/03/2068."),
    (inputs.day, "14/03/1868", "L'année 1868 est trop ancienne : la première acceptée est 1900."),
    (inputs.day, "14/03/0026", "L'année 0026 est trop ancienne"),
    (inputs.day, "14/03/2926", "L'année 2926 est trop lointaine : écrivez une date jusqu'en 2199."),
    (inputs.day, "demain", "Écrivez la date au format JJ/MM/AAAA."),
    (inputs.hour, "25:00", "25 heures n'existent pas : l'heure va de 00 à 23."),
    (inputs.hour, "12:60", "60 minutes n'existent pas : les minutes vont de 00 à 59."),
    (inputs.hour, "midi", "Écrivez l'heure au format HH:MM, par exemple 14:30."),
    (inputs.amount, "1.234,56", "Les milliers ne se séparent pas par « . » : écrivez 1 234,56, avec des espaces"),
    (inputs.amount, "1,234.56", "Les milliers ne se séparent pas par « , » : écrivez 1 234,56"),
    (inputs.amount, "1.234.567", "écrivez 1 234 567, avec des espaces"),
    (inputs.amount, "12,345", "Un montant a 2 décimales au plus : celui-ci en a 3. S'il s'agit de milliers, écrivez 12 345."),
    (inputs.amount, "1234,5678", "Un montant a 2 décimales au plus : celui-ci en a 4. Arrondissez-le, par exemple 1 234,57."),
    (inputs.amount, "1 234,56 $", "Ce montant est en euros : retirez « $ », convertissez-le s'il le faut."),
    (inputs.amount, "9" * 14, "Ce montant est trop grand : treize chiffres au plus"),
    (inputs.amount, "mille", "Écrivez un montant, par exemple 1 234,56."),
    (inputs.percent, "120", "Ce pourcentage dépasse 100 : écrivez un nombre de 0 à 100, par exemple 12,5."),
    (inputs.percent, "-5 %", "Un pourcentage n'est pas négatif : écrivez un nombre de 0 à 100."),
    (inputs.percent, "12,345", "Un pourcentage a 2 décimales au plus : arrondissez-le."),
    (inputs.percent, "moitié", "Écrivez un pourcentage, par exemple 12,5."),
    (inputs.iban, "FR75 3000 6000 0112 3456 7890 189", "(3e et 4e caractères) est 75 au lieu de 76"),
    (inputs.iban, "FR76 3000 6000 0112 3456 7890 198", "un de ses caractères est faux. Vérifiez la saisie."),
    (inputs.iban, "FR76 3000 6000 0112 3456 7890 18", "Un IBAN FR compte 27 caractères, celui-ci 26 : il manque 1 caractère."),
    (inputs.iban, "DE893704004405320130001", "Un IBAN DE compte 22 caractères, celui-ci 23 : il y a 1 caractère de trop."),
    (inputs.iban, "FR76-3000", "Un IBAN n'a que des lettres et des chiffres : retirez « - »."),
    (inputs.iban, "30006000011234567890189", "Un IBAN commence par deux lettres de pays et deux chiffres"),
    (inputs.isin, "FR0010135104", "La clé de ce code ISIN (12e caractère) devrait être 3, pas 4 : vérifiez la saisie."),
    (inputs.isin, "FR001013510", "Un code ISIN compte 12 caractères, celui-ci 11"),
    (inputs.isin, "FR001013510X", "Le dernier caractère d'un code ISIN est un chiffre : « X » n'en est pas un."),
    (inputs.isin, "ZZ0010135109", "Un code ISIN commence par les deux lettres d'un pays"),
    (inputs.phone, "06 12 44 08", "Un numéro français a dix chiffres, celui-ci 8 : il en manque."),
    (inputs.phone, "06 12 44 08 19 20", "Un numéro français a dix chiffres, celui-ci 12 : il en a trop."),
    (inputs.phone, "+999 12 34 56", "Cet indicatif n'est celui d'aucun pays"),
    (inputs.phone, "+33 6 12", "Ce numéro est trop court : 5 chiffres."),
    (inputs.phone, "06 12 44 08 1x", "Un numéro de téléphone n'a que des chiffres : retirez le reste."),
    (inputs.phone, "le soir", "Écrivez un numéro de téléphone, par exemple 06 12 34 56 78"),
    (inputs.email, "jeanne.exemple.fr", "Il manque « @ » dans cette adresse e-mail"),
    (inputs.email, "jeanne@exemple", "après « @ » vient un domaine entier, par exemple exemple.fr."),
    (inputs.email, "jeanne@", "Il manque la fin de l'adresse e-mail"),
    (inputs.email, "@exemple.fr", "Il manque le nom avant « @ »"),
    (inputs.email, "a@b@c.fr", "plusieurs « @ » : gardez-en un seul"),
    (inputs.email, "jeanne durand@exemple.fr", "Une adresse e-mail n'a pas d'espace"),
    (inputs.bic, "AGRI", "Un BIC compte 8 ou 11 lettres et chiffres, celui-ci 4."),
    (inputs.siret, "73282932000075", "La clé de ce SIRET est fausse"),
    (inputs.siret, "732829320", "Le SIRET compte 14 chiffres, celui-ci 9"),
    (inputs.siret, "abc", "Le SIRET n'a que des chiffres"),
    (inputs.siren, "732829321", "La clé de ce SIREN est fausse"),
    (inputs.siren, "73282932000074", "Le SIREN compte 9 chiffres, celui-ci 14 : vérifiez-le. Un SIRET en a 14"),
)  # fmt: skip


def spaced(text: str) -> str:
    return text.replace("\u202f:", " :").replace("\u202f", " ").replace("\u00a0", " ").replace("«  ", "« ")


@pytest.mark.parametrize(("read", "typed", "words"), SAID, ids=[f"{read.__name__}-{typed}" for read, typed, _ in SAID])
def test_each_fault_says_what_is_wrong_and_what_to_do(app: Flask, read: Callable[[str], Any], typed: str, words: str) -> None:
    """Issue 3, «Bad input»: a sentence of its own for each fault, with the figure that would be right where there is one."""
    with app.test_request_context("/"), pytest.raises(inputs.Unread) as raised:
        read(typed)
    with app.test_request_context("/"):
        said = explained.said(raised.value)
    assert said
    assert words in spaced(said)


def test_every_reason_has_its_sentence() -> None:
    """A code raised by `inputs` and unknown here would be told «invalid»; none is left."""
    import re
    from pathlib import Path

    code = r'"((?:day|hour|amount|percent|email|phone|iban|isin|bic|siren|siret)(?:\.[a-z.]+)?)"'
    raised = set(re.findall(code, Path(inputs.__file__).read_text("utf-8")))
    assert raised - set(explained._SAID) <= {"email.long"}


def test_hours_and_percentages_are_read_as_the_french_write_them() -> None:
    """Issue 3, «Bad input»: what is fine is read, however it is written."""
    assert {inputs.hour(way) for way in ("14:30", "14h30", "14 h 30", "14.30")} == {time(14, 30)}
    assert inputs.hour("9h") == time(9)
    assert {inputs.percent(way) for way in ("12,5", "12.5 %", " 12,50\u202f%")} == {Decimal("12.5")}
    assert inputs.percent("0") == 0
    assert inputs.percent("100") == 100
    assert inputs.isin("fr 0010135103") == "FR0010135103"


class Example(forms.Form):
    """Fields that no page of ours has yet."""

    at = fields.hour("Heure")
    part = fields.percent("Part")
    fund = fields.isin("Support")


def test_the_fields_say_it_and_show_what_was_typed(app: Flask) -> None:
    """ux.md §2.11: the form engine's fields for hours, percentages and ISIN: the sentence beside, the text kept."""
    typed = {"at": "25:00", "part": "120", "fund": "FR0010135104"}
    with app.test_request_context("/"):
        checked = forms.check(Example(), typed)
        assert {name: text.split("\u202f")[0] for name, text in checked.errors.items()} == {
            "at": "25 heures n'existent pas", "part": "Ce pourcentage dépasse 100",
            "fund": "La clé de ce code ISIN (12e caractère) devrait être 3, pas 4",
        }  # fmt: skip
        drawn = forms.view(Example(), typed, checked.errors)
        assert {one["name"]: one["value"] for one in drawn.fields} == typed
        assert forms.shown(Example(), {"at": time(9, 5), "part": Decimal("12.50"), "fund": "FR0010135103"}) == {
            "at": "09:05", "part": "12,5", "fund": "FR0010135103",
        }  # fmt: skip


def test_a_lists_filter_says_it_too(adviser: FlaskClient) -> None:
    """Issue 3: filters read as forms do, and say as much, with the name of the filter."""
    page = unescape(adviser.get("/styleguide/listes?minimum=1.234,56&jour=29/02/2025").get_data(as_text=True))
    assert "Encours\u202f: Les milliers ne se séparent pas par «\u202f.\u202f»" in page
    assert "Depuis le\u202f: Le 29 février n'existe pas en 2025" in page
    assert 'value="29/02/2025"' in page
