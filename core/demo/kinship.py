"""How the demonstration's contacts are tied: families over four generations, unions, companies and who holds them, counsel.

Drawn from the contacts' own names, as their channels are: what is added here changes nothing of the rest.
"""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from decimal import Decimal
from random import Random

from core.demo import civil
from core.demo.directory import Contact
from core.demo.directory import Directory
from core.demo.months import noon
from core.demo.months import years_before
from core.demo.seed import Ids

_UNIONS = {"MARIE": "CONJOINT", "VEUF": "CONJOINT", "PACSE": "PARTENAIRE_PACS", "CONCUBIN": "CONCUBIN"}
#: Day before which there was no such union under today's law: the régimes of the demonstration are those of later.
_FIRST = {"CONJOINT": date(1966, 2, 1), "PARTENAIRE_PACS": date(2007, 1, 1), "CONCUBIN": date(1950, 1, 1)}
#: Elder, younger: the personas' families.
_PARENTS = (
    ("Girard Odette", "Girard Bruno"), ("Girard Odette", "Durand Jeanne"), ("Durand Jeanne", "Petit Émilie"),
    ("Durand Philippe", "Petit Émilie"),
)  # fmt: skip
_PP, _NP, _US = "PLEINE_PROPRIETE", "NUE_PROPRIETE", "USUFRUIT"
#: Holder, company, part in per cent, right.
_SHARES = (
    ("Durand Jeanne", "SCI Les Tilleuls", 20, _PP), ("Durand Jeanne", "SCI Les Tilleuls", 40, _US),
    ("Durand Philippe", "SCI Les Tilleuls", 40, _US), ("Petit Émilie", "SCI Les Tilleuls", 80, _NP),
    ("Moreau Hélène", "SARL Moreau Conseil", 100, _PP), ("Faure Henri", "SAS Holding Delaunay", 65, _PP),
    ("Faure Claire", "SAS Holding Delaunay", 35, _PP), ("SAS Holding Delaunay", "SAS Texier Bâtiment", 75, _PP),
    ("Garnier Louis", "SAS Texier Bâtiment", 25, _PP), ("SAS Texier Bâtiment", "SCI Quai de Versailles", 60, _PP),
    ("Faure Henri", "SCI Quai de Versailles", 10, _PP), ("Chauvet Denis", "SCI Quai de Versailles", 30, _PP),
)  # fmt: skip
_MANAGERS = (
    ("Durand Philippe", "SCI Les Tilleuls", "Gérant"), ("Moreau Hélène", "SARL Moreau Conseil", "Gérante"),
    ("Faure Henri", "SAS Holding Delaunay", "Président"), ("Faure Henri", "SAS Texier Bâtiment", "Président"),
    ("Chauvet Denis", "SCI Quai de Versailles", "Gérant"),
)  # fmt: skip


class _Ties:
    """Rows of one cabinet's relations."""

    def __init__(self, ids: Ids, directory: Directory, today: date) -> None:
        self.rows: list[dict[str, object]] = []
        self._ids, self._today = ids, today
        self.known = {one.display_name: one for one in reversed(directory.contacts)}

    def tie(self, a: Contact, kind: str, b: Contact, **told: object) -> None:
        """`a` is `kind` of `b`; of a symmetric kind, the smaller id comes first."""
        if kind in ("CONJOINT", "PARTENAIRE_PACS", "CONCUBIN", "EX_CONJOINT") and b.id < a.id:
            a, b = b, a
        nothing = dict.fromkeys(("since", "until", "filiation", "share", "right", "function", "counsel", "note"))
        row = {"id": self._ids.next(), "a_id": a.id, "b_id": b.id, "kind": kind, "created_at": noon(self._today)}
        self.rows.append({**row, **nothing, **told})

    def named(self, a: str, kind: str, b: str, **told: object) -> None:
        """The same by names; nothing where a cabinet lacks one of them."""
        if a in self.known and b in self.known:
            self.tie(self.known[a], kind, self.known[b], **told)


def rows(ids: Ids, directory: Directory, today: date) -> list[dict[str, object]]:
    """All relations of a cabinet."""
    ties = _Ties(ids, directory, today)
    by_id = {one.id: one for one in directory.contacts}
    for one in directory.contacts:
        if one.partner_id and one.id < one.partner_id:
            other = by_id[one.partner_id]
            kind = _UNIONS.get(one.situation or "", "CONJOINT")
            death = min((each.death for each in (one, other) if each.death), default=None)
            since = _since(kind, one, other, [by_id[child] for child in one.children], today)
            ties.tie(one, kind, other, since=since, until=death)
        for child in one.children:
            ties.tie(one, "PARENT", by_id[child], filiation="LEGITIME_OU_COMMUN")
    for elder, younger in _PARENTS:
        ties.named(elder, "PARENT", younger, filiation="LEGITIME_OU_COMMUN")
    ties.named("Girard Bruno", "TUTEUR", "Girard Odette", since=years_before(today, 3), note="Habilitation du juge des tutelles.")
    for holder, company, percent, right in _SHARES:
        if company in ties.known:
            since = civil.founded(ties.known[company], today)
            ties.named(holder, "ASSOCIE", company, share=Decimal(percent) / 100, right=right, since=since)
    for manager, company, function in _MANAGERS:
        ties.named(manager, "DIRIGEANT", company, function=function)
    ties.named("Faure Henri", "BENEFICIAIRE_EFFECTIF", "SAS Holding Delaunay", share=Decimal("0.65"))
    _firms(ties, directory, today)
    _counsel(ties, directory, today)
    _divorced(ties, directory, today)
    return ties.rows


def _since(kind: str, one: Contact, other: Contact, children: list[Contact], today: date) -> date:
    """The day of a union: both grown, before the first child where there is one, not yesterday."""
    draw = Random(f"union {one.display_name}")  # noqa: S311 - a demonstration
    births = [each.birth for each in (one, other) if each.birth]
    grown = max(date(birth.year + 21, birth.month, min(birth.day, 28)) for birth in births)
    first = max(grown, _FIRST[kind])
    last = min([child.birth for child in children if child.birth] + [years_before(today, 1)])
    span = max((last - first).days, 1)
    return first + timedelta(days=draw.randrange(min(span, 9 * 365)))


def _firms(ties: _Ties, directory: Directory, today: date) -> None:
    """Who holds and leads the other companies: one or two clients of the same adviser each."""
    held = {row["b_id"] for row in ties.rows if row["kind"] == "ASSOCIE"}
    people = [
        one for one in directory.contacts
        if one.kind == "PERSONNE_PHYSIQUE" and one.vital == "VIVANT" and one.protection == "AUCUNE"
        and 30 <= civil.age(one, today) < 76
    ]  # fmt: skip
    for firm in directory.contacts:
        if firm.kind != "PERSONNE_MORALE" or firm.id in held or firm.legal_form == "SA":
            continue
        draw = Random(f"associés {firm.display_name}")  # noqa: S311 - a demonstration
        near = [one for one in people if one.adviser == firm.adviser]
        if len(near) < 2:
            continue
        first, second = draw.sample(near, 2)
        part = draw.choice((51, 60, 70, 80, 100))
        since = civil.founded(firm, today)
        grown = max(since, date(first.birth.year + 20, 1, 1)) if first.birth else since
        ties.tie(first, "ASSOCIE", firm, share=Decimal(part) / 100, right=_PP, since=grown)
        if part < 100:
            later = max(grown, date(second.birth.year + 20, 1, 1)) if second.birth else grown
            ties.tie(second, "ASSOCIE", firm, share=Decimal(100 - part) / 100, right=_PP, since=later)
        ties.tie(first, "DIRIGEANT", firm, function="Président" if firm.legal_form in ("SAS", "SASU", "SELAS") else "Gérant")


def _counsel(ties: _Ties, directory: Directory, today: date) -> None:
    """Lawyers among the contacts advise some of the others; one of them brings clients."""
    lawyers = [
        one for one in directory.contacts if one.adviser == "marc" and (civil.work(one, today)[1] or "").startswith("Avocat")
    ]
    for lawyer, client in zip(lawyers, ("Durand Jeanne", "SAS Holding Delaunay"), strict=False):
        if client in ties.known:
            ties.tie(lawyer, "CONSEIL", ties.known[client], counsel="AVOCAT", since=years_before(today, 4))
    for client in ("Bernard Alain", "Perrot Annick", "Petit Thomas"):
        ties.named("Chauvet Denis", "APPORTEUR", client)


def _divorced(ties: _Ties, directory: Directory, today: date) -> None:
    """Paul Lefevre's former wife: a divorced contact of about his age."""
    paul = ties.known.get("Lefevre Paul")
    if paul is None or paul.birth is None:
        return
    for one in directory.contacts:
        if one.civility == "MME" and one.situation == "DIVORCE" and one.birth and abs(one.birth.year - paul.birth.year) < 14:
            since = date(max(one.birth.year, paul.birth.year) + 25, 6, 14)
            ties.tie(paul, "CONJOINT", one, since=since, until=years_before(today, 9))
            ties.tie(paul, "EX_CONJOINT", one, since=years_before(today, 9))
            return
