"""What the plugin's part of the API declares holds: scopes, schemas, pages, and reading that only reads."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from core.auth.api_scopes import SCOPES
from core.rest.operations import Operation
from core.testing import values
from core.testing.conformance.bench import WORD
from core.testing.conformance.bench import Bench
from core.testing.conformance.desk import Answer
from core.testing.conformance.desk import Desk
from core.testing.conformance.findings import Finding
from core.testing.conformance.rules.forms import place_of
from core.testing.conformance.rules.forms import written
from core.testing.state import changed
from core.testing.state import state
from core.testing.watching import told

#: A token that may nearly nothing: what it sees, every token sees.
LEAST = ("notifications:read",)
#: Pages that are walked of one list, a line each.
STEPS = 12


def check(bench: Bench) -> Iterator[Finding]:
    """Each operation: reads first, then what writes; deletions at the end, when nobody needs what they take away."""
    desk = Desk(bench)
    order = {"GET": 0, "POST": 1, "PATCH": 2, "DELETE": 3}
    for one in sorted(desk.operations, key=lambda one: order[one.method]):
        yield from _scope(desk, one)
        path = desk.path(one)
        if path is None:
            bench.untried.append(f"{_named(one)} n'a pas été appelée : son adresse demande une valeur inconnue du kit")
            continue
        yield from _tokens(desk, one, path)
        yield from _odd(desk, one, path)
        yield from _right(desk, one, path)


def _scope(desk: Desk, one: Operation) -> Iterator[Finding]:
    """What the declaration alone tells."""
    if one.method == "GET":
        return
    if one.scope is None:
        yield Finding("", f"{_named(one)} change des données sans demander de droit au jeton", desk.place(one),
                      todo="Donnez-lui un droit : scope=\"contacts:write\", par exemple.")  # fmt: skip
    elif one.scope.endswith(":read"):
        yield Finding("", f"{_named(one)} change des données avec un droit de lecture ({one.scope})", desk.place(one),
                      todo="Demandez le droit d'écriture du même nom.")  # fmt: skip


def _tokens(desk: Desk, one: Operation, path: str) -> Iterator[Finding]:
    """A token without the scope is turned away; where none is asked for, nothing of the book is seen."""
    if one.scope is None:
        answer = desk.call(one, path, desk.token(scopes=LEAST), body=desk.body(one)) if one.method == "GET" else None
        if answer is not None and WORD in answer.text:
            yield Finding(
                "", f"{_named(one)} ne demande aucun droit, et montre des données du cabinet à n'importe quel jeton",
                desk.place(one), todo='Donnez-lui le droit de ce qu\'elle montre : scope="contacts:read", par exemple.',
            )  # fmt: skip
        return
    others = tuple(code for code in SCOPES if code != one.scope and SCOPES[code].needs != one.scope)
    answer = desk.call(one, path, desk.token(scopes=_closed(others, one.scope)), body=desk.body(one))
    if answer.status != 403:
        yield Finding("", f"{_named(one)} répond {answer.status} à un jeton sans le droit {one.scope}", desk.place(one))


def _closed(codes: tuple[str, ...], without: str) -> tuple[str, ...]:
    """Those that do not bring the scope along."""
    def brings(code: str | None) -> bool:
        return code is not None and (code == without or brings(SCOPES[code].needs))

    return tuple(code for code in codes if not brings(code))


def _odd(desk: Desk, one: Operation, path: str) -> Iterator[Finding]:
    """Whatever is sent, no failure, and nothing written of what is refused."""
    odd = [(None, desk.path(one, **dict.fromkeys(one.arguments, "inconnu")) or path)] if one.arguments else []
    bodies: list[tuple[Any, str]] = [*odd]
    if one.takes is not None:
        good = desk.body(one) or {}
        bodies += [({**good, name: value}, path) for name in one.takes().load_fields for value in values.ODD]
        bodies += [([], path), ({**good, "champ_inconnu": 1}, path)]
    for sent, where in bodies:
        answer = desk.call(one, where, desk.token(), body=sent if sent is not None else desk.body(one))
        if answer.status >= 500:
            yield _fallen(desk, one, answer, f"envoyé {_shown(sent, where)}")
            return
    for name, value in itertools.product(one.asks().load_fields if one.asks is not None else (), values.ASKED):
        answer = desk.call(one, path, desk.token(), asked={name: value}, body=desk.body(one))
        if answer.status >= 500:
            yield _fallen(desk, one, answer, f"{name}={value[:20]!r}")
            return
    if odd:
        answer = desk.call(one, odd[0][1], desk.token(), body=desk.body(one))
        if answer.status < 400:
            yield Finding("", f"{_named(one)} répond {answer.status} pour un identifiant qui n'existe pas", desk.place(one),
                          todo="Levez NotFound (core.api.db).")  # fmt: skip


def _right(desk: Desk, one: Operation, path: str) -> Iterator[Finding]:
    """With all that it asks for: what it says it gives, and nothing of another cabinet's is touched."""
    elsewhere = desk.bench.encours.elsewhere.cabinet_id
    before = state(elsewhere)
    answer = desk.call(one, path, desk.token(), body=desk.body(one))
    if answer.status >= 500:
        yield _fallen(desk, one, answer, "valeurs bonnes")
        return
    if answer.status >= 400:
        said = answer.data.get("detail", "") if isinstance(answer.data, dict) else ""
        faults = "; ".join(f"{fault['field']} : {fault['text']}" for fault in (answer.data or {}).get("errors", ()))
        desk.bench.untried.append(
            f"{_named(one)} n'a pas pu être essayée ({answer.status} : {faults or said}) : [kit] de quality.toml dira ses valeurs"
        )
        return
    yield from _given(desk, one, answer)
    if one.method == "GET":
        if doing := written(desk.bench, answer.statements):
            where = place_of(desk.bench.subject, doing) or desk.place(one)
            yield Finding("", f"{_named(one)} écrit dans la base : {doing.detail[:80]}", where,
                          todo="N'écrivez que dans un POST, un PATCH ou un DELETE.")  # fmt: skip
        if one.paged and not (answer.data or {}).get("items"):
            desk.bench.untried.append(f"{_named(one)} n'a rien rendu : ni ses objets ni ses pages ne sont essayés")
        elif one.paged:
            yield from _pages(desk, one, path)
    if tables := changed(before, state(elsewhere)):
        yield Finding("", f"{_named(one)} écrit chez un autre cabinet ({', '.join(tables)})", desk.place(one),
                      todo="Écrivez par call.session et ses modèles ; jamais de SQL sans le cabinet.")  # fmt: skip


def _given(desk: Desk, one: Operation, answer: Answer) -> Iterator[Finding]:
    if one.gives is None:
        return
    items = (answer.data or {}).get("items", ()) if one.paged else [answer.data]
    for said in dict.fromkeys(said for item in items for said in values.differences(one.gives(), item)):
        yield Finding("", f"{_named(one)} ne rend pas ce que {one.gives.__name__} annonce : {said}", desk.place(one),
                      why="Les programmes des cabinets sont écrits d'après ce schéma.",
                      todo="Corrigez le schéma, ou rendez chaque membre du type annoncé.")  # fmt: skip


def _pages(desk: Desk, one: Operation, path: str) -> Iterator[Finding]:
    """A line a page: none twice, none lost, in the order of the whole list."""
    whole = _items(desk.call(one, path, desk.token(), asked={"limit": 200}))
    walked: list[Any] = []
    cursor: Any = None
    for _step in range(min(STEPS, len(whole) + 1)):
        answer = desk.call(one, path, desk.token(), asked={"limit": 1, **({"cursor": cursor} if cursor else {})})
        if answer.status >= 500:
            yield _fallen(desk, one, answer, "page suivante")
            return
        found = _items(answer)
        if len(found) > 1:
            yield Finding("", f"{_named(one)} rend {len(found)} lignes quand une seule est demandée", desk.place(one),
                          todo="Lisez call.more lignes au plus, et rendez call.page(…).")  # fmt: skip
            return
        walked += found
        cursor = (answer.data or {}).get("next_cursor")
        if not cursor:
            break
    if walked != whole[: len(walked)] or (not cursor and len(walked) < len(whole)):
        yield Finding("", f"{_named(one)} perd ou répète des lignes d'une page à la suivante : {len(walked)} lues une à une, "
                      f"{len(whole)} d'un coup", desk.place(one),
                      todo="Triez par la clé que call.page reçoit, unique, et reprenez après call.after.")  # fmt: skip


def _items(answer: Answer) -> list[Any]:
    found = (answer.data or {}).get("items", []) if isinstance(answer.data, dict) else []
    return list(found)


def _fallen(desk: Desk, one: Operation, answer: Answer, what: str) -> Finding:
    said = f" : {told(answer.error)}" if answer.error else ""
    where = desk.bench.subject.place_in(answer.error.__traceback__) if answer.error else ""
    return Finding("", f"{_named(one)} répond {answer.status} ({what}){said}", where or desk.place(one),
                   why="Le programme qui appelle ne peut ni comprendre ni corriger.",
                   todo="Vérifiez par le schéma de takes ou asks ; levez NotFound, DomainError ou Problem.")  # fmt: skip


def _shown(sent: Any, path: str) -> str:
    return f"{str(sent)[:60]}" if sent is not None else path


def _named(one: Operation) -> str:
    return f"{one.method} /api/v1{one.path}"
