"""Requests: trees read and written, SQL that finds what Python finds, walls, words (RQ-01; modules.md §10)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.accounts import services as accounts
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.contacts.schemas import NewContact
from core.db.errors import DomainError
from core.db.folding import plain
from core.queries import contacts as requests
from core.queries import tree
from core.queries.fields import core_fields
from core.queries.pages import Asked
from core.queries.tree import Group
from core.queries.tree import Rule
from core.queries.words import sentence
from tests.core.accounts.book import Book

CITIES = (None, "Saint-Étienne", "saint etienne", "Nantes", "NANTES", "L'Haÿ-les-Roses", "100% Sud", "Île_d’Yeu", "Œuilly")
Row = tuple[Contact, set[str]]


def fill(book: Book) -> None:
    """Forty people of whom some things are known and others are not."""
    rng = random.Random(5)  # noqa: S311 - the same each time
    with book.db.session(1) as session:
        for number in range(40):
            born = date(1940 + rng.randrange(70), 1 + rng.randrange(12), 1 + rng.randrange(28)) if rng.random() < 0.7 else None
            data = NewContact(
                "PERSONNE_PHYSIQUE", rng.choice(("PROSPECT", "CLIENT", "ANCIEN_CLIENT")), birth_name=f"Nom{number:02d}",
                first_names="Zoé", city=rng.choice(CITIES), birth_date=born,
                situation=rng.choice((None, "MARIE", "PACSE", "VEUF")),
            )  # fmt: skip
            key = contacts.create(session, rng.choice((book.marc, book.claire)), data)
            if rng.random() < 0.5:
                roles = [accounts.Role(key, "TITULAIRE")]
                held = accounts.NewAccount("CAPITALISATION", f"N{number}", "C", book.company, roles=roles)
                value = Decimal(rng.randrange(100_00)) / 100
                accounts.put_valuation(session, "cli", accounts.create(session, "cli", held), date(2026, 1, 1), value, "essai")


def text(value: str | None) -> str | None:
    return plain(value)


def known(check: Callable[[Any, Any], bool]) -> Callable[[Any, list[Any]], bool]:
    return lambda it, values: it is not None and check(it, values[0])


CHECKS: dict[str, Callable[[Any, list[Any]], bool]] = {
    "=": known(lambda it, value: it == value), "!=": lambda it, values: it is None or it != values[0],
    ">=": known(lambda it, value: it >= value), "<=": known(lambda it, value: it <= value),
    ">": known(lambda it, value: it > value), "<": known(lambda it, value: it < value),
    "between": lambda it, values: it is not None and min(values) <= it <= max(values),
    "contains": known(lambda it, value: value in it), "starts": known(lambda it, value: it.startswith(value)),
    "lacks": lambda it, values: it is None or values[0] not in it,
    "in": lambda it, values: it is not None and it in values, "not_in": lambda it, values: it is None or it not in values,
    "empty": lambda it, _values: it is None, "filled": lambda it, _values: it is not None,
}  # fmt: skip
READ: dict[str, tuple[Callable[[Row], Any], Callable[[str], Any]]] = {
    "contact.city": (lambda row: text(row[0].city), lambda typed: text(typed)),
    "contact.stage": (lambda row: row[0].stage, str),
    "contact.situation": (lambda row: row[0].situation, str),
    "contact.birth_date": (lambda row: row[0].birth_date, date.fromisoformat),
    "contact.worth": (lambda row: row[0].worth, lambda typed: Decimal(typed.replace(",", "."))),
}  # fmt: skip
TYPED: dict[str, Callable[[random.Random], str]] = {
    "contact.city": lambda rng: rng.choice(("nantes", "Étienne", "SAINT", "%", "_", "100%", "’yeu", "oeuilly", "L'HAY", "zz")),
    "contact.stage": lambda rng: rng.choice(("PROSPECT", "CLIENT", "ANCIEN_CLIENT")),
    "contact.situation": lambda rng: rng.choice(("MARIE", "PACSE", "CELIBATAIRE")),
    "contact.birth_date": lambda rng: f"{1940 + rng.randrange(70)}-06-{1 + rng.randrange(28):02d}",
    "contact.worth": lambda rng: f"{rng.randrange(100)},{rng.randrange(100):02d}",
}  # fmt: skip


def grown(rng: random.Random, depth: int = 0) -> Group:
    """A random tree."""
    rules: list[Rule | Group] = []
    for _ in range(1 + rng.randrange(3)):
        if depth < 3 and rng.random() < 0.35:
            rules.append(grown(rng, depth + 1))
            continue
        path = rng.choice(list(READ))
        operators = core_fields(ALL_OF).fields[path].operators
        key = rng.choice(list(operators))
        takes = operators[key].takes
        rules.append(Rule(path, key, tuple(TYPED[path](rng) for _ in range(1 + rng.randrange(3) if takes == -1 else takes))))
    return Group(tuple(rules), any_of=rng.random() < 0.5, negated=rng.random() < 0.3)


class _All:
    """Somebody who may ask every field."""

    def can(self, _permission: str) -> bool:
        return True


ALL_OF: Any = _All()


def holds(row: Row, one: Group | Rule) -> bool:
    """The same in Python, which knows no NULL."""
    if isinstance(one, Rule):
        got, read = READ[one.field]
        return CHECKS[one.operator](got(row), [read(value) for value in one.values])
    found = [holds(row, each) for each in one.rules]
    return (any(found) if one.any_of else all(found)) is not one.negated


def test_sql_finds_what_python_finds(book: Book) -> None:
    """RQ-01: four hundred random trees: and, or, not, unknown values, accents, signs of LIKE, for two sets of rights."""
    fill(book)
    rng = random.Random(11)  # noqa: S311 - the same each time
    with book.db.session(1, write=False) as session:
        followed: dict[str, set[str]] = {}
        for link in session.scalars(select(ContactAdviser)):
            followed.setdefault(link.contact_id, set()).add(link.user_id)
        rows = [(row, followed[row.id]) for row in session.scalars(select(Contact))]
        for number in range(400):
            group = grown(rng)
            who = (book.boss, book.marc)[number % 2]
            expected = {row[0].id for row in rows if holds(row, group) and (who is book.boss or who.user_id in row[1])}
            found = {line.id for line in requests.page(session, who, Asked(group), size=200).items}
            assert found == expected, sentence(core_fields(who), "contacts", group)
            assert requests.count(session, who, Asked(group)) == len(expected)


def test_who_follows_is_one_of_several(book: Book) -> None:
    """RQ-01: of several values, «est» is one of them, «n'est pas» none of them."""
    with book.db.session(1) as session:
        contacts.follow(session, "cli", book.jeanne, book.claire.user_id, "SECONDAIRE")

        def names(operator: str, *values: str) -> list[str]:
            asked = Asked(Group((Rule("contact.follower", operator, values),)))
            return [line.name for line in requests.page(session, book.boss, asked).items]

        assert names("=", book.claire.user_id) == ["Durand Jeanne", "Durand Paul"]
        assert names("!=", book.claire.user_id) == ["Famille Durand"]
        assert names("in", book.claire.user_id, book.marc.user_id) == ["Durand Jeanne", "Durand Paul", "Famille Durand"]
        assert names("empty") == []


@pytest.mark.parametrize("value", ["'; DROP TABLE contact; --", "\" OR 1=1 --", "%' OR '1'='1", "\\", "{0}", "%(x)s", ":x"])
def test_values_are_never_sql(book: Book, value: str) -> None:
    """RQ-01: what is typed is a parameter: nothing is found by it, nothing happens."""
    with book.db.session(1, write=False) as session:
        for path, operator in (("contact.city", "contains"), ("contact.name", "starts"), ("contact.search", "find")):
            asked = Asked(Group((Rule(path, operator, (value,)),)))
            assert path == "contact.search" or requests.page(session, book.boss, asked).total == 0
        assert requests.count(session, book.boss, Asked()) == 3


def test_a_field_beyond_one_s_rights_does_not_exist(book: Book) -> None:
    """RQ-01: without the right to see accounts, «encours» can be neither asked nor guessed."""
    blind = book.boss.__class__(**{
        **{name: getattr(book.boss, name) for name in book.boss.__slots__}, "permissions": frozenset({"contacts.view"}),
    })  # fmt: skip
    with book.db.session(1, write=False) as session, pytest.raises(DomainError, match="n'existe pas, ou plus"):
        requests.count(session, blind, Asked(Group((Rule("contact.worth", ">=", ("1",)),))))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("contact.nowhere", "=", ("x",)), "n'existe pas, ou plus"),
        (Rule("compte.value", ">=", ("1",)), "n'existe pas, ou plus"),
        (Rule("contact.stage", "contains", ("x",)), "l'opérateur"),
        (Rule("contact.stage", "=", ("AMI",)), "n'est pas un choix connu"),
        (Rule("contact.stage", "=", ()), "demande une valeur"),
        (Rule("contact.birth_date", "between", ("2026-01-01",)), "demande une valeur"),
        (Rule("contact.birth_date", ">=", ("31/02/2026",)), "31"),
        (Rule("contact.worth", ">=", ("beaucoup",)), "Encours"),
        (Rule("contact.search", "=", ("x",)), "l'opérateur"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(book: Book, rule: Rule, said: str) -> None:
    """RQ-01: a field gone, an operator that it has not, a value that cannot be read: in words, never a 500."""
    with book.db.session(1, write=False) as session, pytest.raises(DomainError, match=said):
        requests.count(session, book.boss, Asked(Group((rule,))))


def test_a_tree_travels_as_json() -> None:
    """RQ-01: what was written is read again; what nobody's hand made is refused in words."""
    rng = random.Random(3)  # noqa: S311 - the same each time
    for _ in range(200):
        group = grown(rng)
        assert tree.read(tree.written(group)) == group
    deep: dict[str, Any] = {"combinator": "and", "rules": []}
    for _ in range(12):
        deep = {"combinator": "and", "rules": [deep]}
    rule = {"field": "contact.stage", "operator": "=", "value": "CLIENT"}
    for odd in (
        None, [], {"rules": "x"}, {"combinator": "xor", "rules": []}, {"rules": [{"field": 1, "operator": "="}]}, {"rules": [7]},
        {"rules": [rule] * 201}, {"rules": [{"rules": [rule] * 150}, {"rules": [rule] * 150}]}, deep,
        {"rules": [{**rule, "value": {"a": 1}}]}, {"rules": [{**rule, "value": "x" * 501}]}, {"rules": [{**rule, "value": "\0"}]},
    ):  # fmt: skip
        with pytest.raises(DomainError):
            tree.read(odd)


def test_a_request_is_a_sentence(book: Book) -> None:
    """RQ-01: French words, amounts and days as people write them; what is gone is said in its place."""
    known_fields = core_fields(book.boss)
    group = Group((
        Rule("contact.stage", "=", ("CLIENT",)),
        Group((Rule("contact.worth", ">=", ("100000",)), Rule("contact.city", "empty")), any_of=True),
        Group((Rule("contact.birth_date", "<=", ("1960-03-01",)),), negated=True), Rule("contact.gone", "=", ("x",)),
    ))  # fmt: skip
    assert sentence(known_fields, "contacts", group) == (
        "Type est Client et (Encours au moins 100\u202f000,00\u00a0€ ou Ville n'est pas renseigné) "
        "et pas (Date de naissance jusqu'au 01/03/1960) et [critère inconnu\u202f: contact.gone]"
    )
    assert sentence(known_fields, "contacts", Group()) == "Tous"
