"""What the demonstration's cabinets define for their contacts, and what their files say of it: categories, labels, own fields,
client numbers, since when each is at its stage (CT-03, DO-01).

Drawn from each contact's own code, with keys of their own, so that what is added here changes nothing of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from core.contacts import own_models as models
from core.db.model import Base
from core.demo.civil import age
from core.demo.civil import work
from core.demo.companies import COMPANIES
from core.demo.directory import Contact
from core.demo.months import noon
from core.demo.seed import folded

Rows = list[dict[str, Any]]
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
#: Category → its sub-categories; the first is that of new contacts.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "Particuliers": ("Patrimoniaux", "Retraités", "Jeunes actifs"), "Professionnels": ("Dirigeants", "Libéraux", "Sociétés"),
    "Réseau": (),
}  # fmt: skip
LABELS = (("À rappeler", "warning"), ("Fort potentiel", "success"), ("Succession à préparer", "info"), ("Réclamation", "danger"),
          ("Newsletter", "neutral"))  # fmt: skip
#: Code, label, kind, of persons, of companies, help, options.
FIELDS: tuple[tuple[str, str, str, bool, bool, str | None, tuple[str, ...]], ...] = (
    ("date_du_dernier_bilan", "Date du dernier bilan", "DATE", True, True, "Dernier bilan patrimonial remis au client.", ()),
    ("centres_d_interet", "Centres d'intérêt", "CHOICES", True, False, "Pour les invitations du cabinet.",
     ("Voile", "Golf", "Œnologie", "Musique", "Randonnée")),
    ("canal_prefere", "Canal préféré", "CHOICE", True, True, None, ("Téléphone", "E-mail", "Rendez-vous", "Visioconférence")),
    ("honoraires_annuels", "Honoraires annuels", "AMOUNT", True, True, "Forfait de suivi, hors taxes.", ()),
    ("nombre_de_salaries", "Nombre de salariés", "WHOLE", False, True, None, ()),
    ("charte_signee", "Charte du cabinet signée", "YES_NO", True, True, None, ()),
)  # fmt: skip
_CSP = {"SALARIE": ("CADRE", "INTERMEDIAIRE", "EMPLOYE"), "FONCTIONNAIRE": ("INTERMEDIAIRE", "CADRE"),
        "DIRIGEANT": ("ARTISAN_COMMERCANT",), "RETRAITE": ("RETRAITE",), "SANS_ACTIVITE": ("SANS_ACTIVITE",)}  # fmt: skip
_CSP_OF = {"Viticult": "AGRICULTEUR", "Artisan": "ARTISAN_COMMERCANT"}
_INSURERS = ("generali-patrimoine", "spirica", "suravenir", "swiss-life", "axa", "cardif")
_PRESCRIBERS = {"Avocat": "AVOCAT", "Avocate": "AVOCAT"}


def key(*parts: str) -> str:
    """A key that is the same every time."""
    draw = Random(" ".join(parts))  # noqa: S311 - a demonstration
    return "01" + "".join(draw.choice(_SIGNS) for _sign in range(24))


def columns(one: Contact, today: date, cabinet: str) -> dict[str, object]:
    """What a contact's own row says of it."""
    draw = _draw(one, "suivi")
    came = one.created_at.date()
    prospect = came - timedelta(days=draw.randrange(20, 200))
    left = max(came + timedelta(days=200), today - timedelta(days=draw.randrange(30, 900)))
    former = min(left, today) if one.stage == "ANCIEN_CLIENT" else None
    status, profession, *_rest = work(one, today)
    prescriber = _PRESCRIBERS.get(profession or "") if draw.randrange(2) == 0 else None
    nif = one.kind == "PERSONNE_PHYSIQUE" and one.protection != "MINEUR" and draw.randrange(4) > 0
    return {
        "prospect_since": prospect if one.stage == "PROSPECT" or draw.randrange(2) == 0 else None,
        "client_since": came if one.stage != "PROSPECT" else None, "former_since": former, "csp": _csp(status, profession, draw),
        "prescriber": prescriber is not None, "prescriber_profession": prescriber, "introducer": draw.randrange(40) == 0
        and one.kind == "PERSONNE_PHYSIQUE" and one.protection == "AUCUNE", "category_id": _category(one, today, status, cabinet),
        **_archived(one, today, draw), "tax_id": f"{draw.randrange(1, 4)}{draw.randrange(10**12):012d}" if nif else None,
    }  # fmt: skip


def defined(today: date, cabinet: str) -> list[tuple[type[Base], Rows]]:
    """The lists of a cabinet."""
    at, place = noon(today - timedelta(days=400)), 0
    categories: Rows = []
    for name, under in CATEGORIES.items():
        for own in (name, *under):
            top = own == name
            categories.append({
                "id": key(cabinet, "catégorie", own), "parent_id": None if top else key(cabinet, "catégorie", name), "name": own,
                "folded": folded(own), "position": place, "is_default": place == 0, "archived_at": None, "created_at": at,
            })  # fmt: skip
            place += 1
    labels: Rows = [
        {"id": key(cabinet, "étiquette", name), "name": name, "folded": folded(name), "color": color, "position": rank,
         "archived_at": None, "created_at": at}
        for rank, (name, color) in enumerate(LABELS)
    ]  # fmt: skip
    fields: Rows = [
        {
            "id": key(cabinet, "champ", code), "code": code, "label": label, "kind": kind, "of_persons": persons,
            "of_companies": companies, "help": text, "required": False, "position": rank, "archived_at": None, "created_at": at,
            "options": [{"code": folded(one).replace(" ", "_"), "label": one, "archived": False} for one in options],
        }
        for rank, (code, label, kind, persons, companies, text, options) in enumerate(FIELDS)
    ]  # fmt: skip
    return [(models.ContactCategory, categories), (models.ContactLabel, labels), (models.CustomField, fields)]


def filed(contacts: Sequence[Contact], today: date, cabinet: str) -> list[tuple[type[Base], Rows]]:
    """What the files say: labels, the cabinet's fields, client numbers."""
    labelled, values, numbers = Rows(), Rows(), Rows()
    for one in contacts:
        if one.kind == "FOYER":
            continue
        draw = _draw(one, "classement")
        for name, _color in draw.sample(LABELS, draw.choice((0, 0, 1, 1, 2))):
            labelled.append({"id": key(one.id, name), "contact_id": one.id, "label_id": key(cabinet, "étiquette", name)})
        values += _values(one, today, draw, cabinet)
        if one.stage == "CLIENT" and one.protection != "MINEUR":
            for company in sorted(draw.sample(_INSURERS, draw.randrange(0, 3))):
                number = f"{draw.choice('CGPX')}-{draw.randrange(10**7):07d}"
                numbers.append({
                    "id": key(one.id, company), "contact_id": one.id, "company": COMPANIES[company], "number": number,
                    "folded_company": folded(COMPANIES[company]), "folded_number": number.replace("-", "").lower(),
                    "created_at": one.created_at,
                })  # fmt: skip
    unique = {(row["folded_company"], row["folded_number"]): row for row in numbers}
    return [
        (models.ContactLabelling, labelled), (models.CustomValue, values), (models.ContactNumber, list(unique.values())),
    ]  # fmt: skip


def _archived(one: Contact, today: date, draw: Random) -> dict[str, object]:
    """One former client in two is put away."""
    gone = one.stage == "ANCIEN_CLIENT" and draw.randrange(2) == 0
    return {
        "archived_at": noon(today - timedelta(days=draw.randrange(5, 300))) if gone else None,
        "archived_reason": "Dossier clos, sans contrat en cours" if gone else None,
    }


def _values(one: Contact, today: date, draw: Random, cabinet: str) -> Rows:
    company = one.kind == "PERSONNE_MORALE"
    found: Rows = []

    def say(code: str, place: int = 0, **value: object) -> None:
        usual = {"text": None, "choice": None, "number": None, "day": None}
        row = {"id": key(one.id, code, str(place)), "contact_id": one.id, "field_id": key(cabinet, "champ", code), "place": place}
        found.append({**row, **usual, **value})

    if one.stage == "CLIENT" and draw.randrange(3):
        say("date_du_dernier_bilan", day=today - timedelta(days=draw.randrange(10, 700)))
    if not company and one.protection != "MINEUR" and draw.randrange(2):
        options = [folded(label).replace(" ", "_") for label in FIELDS[1][6]]
        for place, code in enumerate(sorted(draw.sample(options, draw.randrange(1, 3)), key=options.index)):
            say("centres_d_interet", place, choice=code)
    if one.protection != "MINEUR" and draw.randrange(2):
        say("canal_prefere", choice=folded(draw.choice(FIELDS[2][6])).replace(" ", "_"))
    if one.stage == "CLIENT" and draw.randrange(4) == 0:
        say("honoraires_annuels", number=Decimal(draw.randrange(3, 25) * 100))
    if company:
        say("nombre_de_salaries", number=Decimal(draw.randrange(0, 60)))
    if draw.randrange(2):
        say("charte_signee", choice="OUI" if draw.randrange(5) else "NON")
    return found


def _category(one: Contact, today: date, status: str | None, cabinet: str) -> str | None:
    if one.kind == "FOYER":
        return None
    if one.kind == "PERSONNE_MORALE":
        name = "Réseau" if one.legal_form == "SA" else "Sociétés"
    elif one.protection == "MINEUR":
        name = "Particuliers"
    elif status in ("DIRIGEANT", "TNS"):
        name = "Dirigeants" if status == "DIRIGEANT" else "Libéraux"
    elif status == "RETRAITE":
        name = "Retraités"
    else:
        name = "Jeunes actifs" if age(one, today) < 35 else "Patrimoniaux"
    return key(cabinet, "catégorie", name)


def _csp(status: str | None, profession: str | None, draw: Random) -> str | None:
    """What the profession says; of a quarter, nobody has asked yet."""
    known = next((code for head, code in _CSP_OF.items() if (profession or "").startswith(head)), None)
    if status is None or draw.randrange(4) == 0:
        return None
    return known or draw.choice(_CSP.get(status, ("CADRE",)))


def _draw(one: Contact, of: str) -> Random:
    return Random(f"{of} {one.file_code} {one.display_name}")  # noqa: S311 - a demonstration
