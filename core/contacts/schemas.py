"""What goes in and out of the contacts' services: frozen, with no row inside; French labels; what is accepted."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from datetime import date
from datetime import datetime
from operator import attrgetter
from typing import Any

from stdnum.fr import siren as siren_number

from core.contacts import details
from core.contacts import life
from core.contacts.details import SINCE
from core.contacts.details import Details
from core.contacts.life import Life
from core.contacts.models import KINDS
from core.contacts.models import PROTECTIONS
from core.contacts.models import STAGES
from core.contacts.models import VITALS
from core.db.clock import today
from core.db.errors import DomainError
from core.hooks.types import ContactSection
from core.search.words import fold
from core.web import inputs

KIND_LABELS: dict[str, str] = {
    "PERSONNE_PHYSIQUE": "Personne physique",
    "PERSONNE_MORALE": "Personne morale",
    "FOYER": "Foyer",
}
STAGE_LABELS: dict[str, str] = {"PROSPECT": "Prospect", "CLIENT": "Client", "ANCIEN_CLIENT": "Ancien client"}
#: domain.md §2.1, «SituationFamiliale».
SITUATION_LABELS: dict[str, str] = {
    "CELIBATAIRE": "Célibataire",
    "MARIE": "Marié(e)",
    "PACSE": "Pacsé(e)",
    "CONCUBIN": "En concubinage",
    "SEPARE": "Séparé(e)",
    "DIVORCE": "Divorcé(e)",
    "VEUF": "Veuf, veuve",
}
#: The same said of a woman, of a man: «mariée», «marié». What is not here is the same for all.
_SITUATIONS_OF: dict[str, dict[str, str]] = {
    "MME": {"MARIE": "mariée", "PACSE": "pacsée", "SEPARE": "séparée", "DIVORCE": "divorcée", "VEUF": "veuve"},
    "M": {"MARIE": "marié", "PACSE": "pacsé", "SEPARE": "séparé", "DIVORCE": "divorcé", "VEUF": "veuf"},
}
PROTECTION_LABELS: dict[str, str] = {
    "AUCUNE": "Aucune",
    "MINEUR": "Mineur",
    "SAUVEGARDE": "Sauvegarde de justice",
    "CURATELLE": "Curatelle",
    "CURATELLE_RENFORCEE": "Curatelle renforcée",
    "TUTELLE": "Tutelle",
    "HABILITATION_FAMILIALE": "Habilitation familiale",
    "MANDAT_PROTECTION_FUTURE": "Mandat de protection future",
}
FOLLOWING_LABELS: dict[str, str] = {
    "PRINCIPAL": "Conseiller principal",
    "SECONDAIRE": "Conseiller secondaire",
    "ASSISTANT": "Assistant",
}
#: Nobody that a cabinet meets is older: a birth date that says so is a slip (the oldest age ever proved is 122).
OLDEST = 120
#: Rubrics of a contact's file, in their order (ux.md §2.3).
RUBRICS: dict[str, str] = {
    "dossier": "Dossier",
    "patrimoine": "Patrimoine",
    "conformite": "Conformité",
    "portefeuille": "Portefeuille",
    "autres": "Autres",
}


@dataclass(frozen=True, slots=True)
class Follower:
    """A person of the cabinet who follows a contact."""

    user_id: str
    name: str
    role: str

    @property
    def role_label(self) -> str:
        """«Conseiller principal»."""
        return FOLLOWING_LABELS.get(self.role, self.role)

    @property
    def initials(self) -> str:
        """Two letters, for lists."""
        words = self.name.split()
        return "".join(word[0] for word in (words[0], words[-1])).upper() if words else "?"


@dataclass(frozen=True, slots=True)
class Tie:
    """Another contact: a household, or a member of one."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact in a list."""

    id: str
    kind: str
    stage: str
    file_code: str
    name: str
    city: str | None
    phone: str | None
    email: str | None
    vital: str
    followers: tuple[Follower, ...] = ()
    archived_at: datetime | None = None
    death_date: date | None = None
    civility: str | None = None

    @property
    def kind_label(self) -> str:
        """«Personne physique»."""
        return KIND_LABELS.get(self.kind, self.kind)

    @property
    def stage_label(self) -> str:
        """«Client»."""
        return STAGE_LABELS.get(self.stage, self.stage)

    @property
    def life(self) -> Life:
        """What follows from a death."""
        return life.of(self)


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A contact's file, as far as it is kept today."""

    line: ContactLine
    civility: str | None
    birth_name: str | None
    usage_name: str | None
    first_names: str | None
    birth_date: date | None
    company_name: str | None
    legal_form: str | None
    siren: str | None
    situation: str | None
    protection: str
    death_date: date | None
    households: tuple[Tie, ...] = ()
    members: tuple[Tie, ...] = ()
    details: Details = field(default_factory=Details)
    category_id: str | None = None
    archived_reason: str | None = None

    @property
    def id(self) -> str:
        """The contact's id."""
        return self.line.id

    @property
    def name(self) -> str:
        """The name as lists show it."""
        return self.line.name

    @property
    def situation_label(self) -> str | None:
        """«Marié(e)»."""
        return SITUATION_LABELS.get(self.situation, self.situation) if self.situation else None

    @property
    def situation_said(self) -> str | None:
        """«mariée»: the situation in a sentence about this person, as the civility has it."""
        label = self.situation_label
        return _SITUATIONS_OF.get(self.civility or "", {}).get(self.situation or "", label.lower()) if label else None

    @property
    def initials(self) -> str | None:
        """«JD» of a person whose names are known; None for companies and households."""
        first, last = (self.first_names or "").strip(), (self.usage_name or self.birth_name or "").strip()
        return f"{first[0]}{last[0]}".upper() if first and last else None

    @property
    def protection_label(self) -> str:
        """«Curatelle renforcée»."""
        return PROTECTION_LABELS.get(self.protection, self.protection)

    @property
    def since(self) -> date | None:
        """Since when it is at its stage; None where nobody noted it."""
        found: date | None = getattr(self.details, SINCE[self.line.stage])
        return found

    def age(self, on: date) -> int | None:
        """Whole years lived on a day, or at death; None without a birth date."""
        if self.birth_date is None:
            return None
        end = min(on, self.death_date) if self.death_date else on
        had = (end.month, end.day) >= (self.birth_date.month, self.birth_date.day)
        return end.year - self.birth_date.year - (not had)


@dataclass(frozen=True, slots=True)
class NewContact(Details):
    """A contact to create. `display_name` is made from the names where it is empty; a household must give it."""

    kind: str
    stage: str = "PROSPECT"
    display_name: str = ""
    file_code: str = ""
    civility: str | None = None
    birth_name: str | None = None
    usage_name: str | None = None
    first_names: str | None = None
    birth_date: date | None = None
    company_name: str | None = None
    legal_form: str | None = None
    siren: str | None = None
    situation: str | None = None
    protection: str = "AUCUNE"
    vital: str = "VIVANT"
    death_date: date | None = None
    email: str | None = None
    phone: str | None = None
    city: str | None = None


Link = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class FileFrame:
    """The navigation of a contact's file: rubrics that have a page, and the pages of the one that is open."""

    rubrics: tuple[Link, ...]
    pages: tuple[Link, ...]
    home: str | None
    #: Every rubric with all its pages: the menu «Tout parcourir».
    columns: tuple[tuple[str, tuple[Link, ...]], ...] = ()


def file_frame(
    sections: Iterable[ContactSection],
    *,
    active: str,
    url: Callable[[ContactSection], str],
    can: Callable[[str], bool],
) -> FileFrame:
    """Arrange contributed sections; `active` is the key of the page that is open.

    Sections of an unknown rubric fall into «Autres»; those whose permission is lacking are left out.
    """
    order = list(RUBRICS)
    shown = [section for section in sections if section.permission is None or can(section.permission)]
    shown.sort(key=lambda section: (order.index(_rubric(section)), section.weight))
    current = next((_rubric(section) for section in shown if section.key == active), None)
    first: dict[str, ContactSection] = {}
    for section in shown:
        first.setdefault(_rubric(section), section)
    return FileFrame(
        rubrics=tuple((RUBRICS[key], url(section), key == current) for key, section in first.items()),
        pages=tuple(
            (section.label, url(section), section.key == active) for section in shown if _rubric(section) == current
        ),
        home=url(shown[0]) if shown else None,
        columns=tuple(
            (RUBRICS[key], tuple((one.label, url(one), one.key == active) for one in shown if _rubric(one) == key))
            for key in first
        ),
    )


def _rubric(section: ContactSection) -> str:
    return section.rubric if section.rubric in RUBRICS else "autres"


def made_name(data: NewContact) -> str:
    """The name shown in lists: «Durand Jeanne» for a person, the company's name, a household's own."""
    if data.kind == "PERSONNE_PHYSIQUE":
        return " ".join(filter(None, (data.usage_name or data.birth_name, data.first_names)))
    return data.company_name or "" if data.kind == "PERSONNE_MORALE" else data.display_name


def settled(data: NewContact, values: Mapping[str, object]) -> NewContact:
    """A contact that nobody else holds yet, with more of its fields set: a copy of its sixty costs more than all its rules."""
    for name, value in values.items():
        object.__setattr__(data, name, value)
    return data


def checked(data: NewContact) -> NewContact:
    """A copy of the contact, with blanks trimmed and its name made. Raises `DomainError` for what domain.md §2.1 refuses."""
    clean = _trimmed(data)
    _check_codes(clean)
    if clean.kind == "PERSONNE_PHYSIQUE":
        if not (clean.birth_name or clean.usage_name):
            raise DomainError("Saisissez le nom de la personne.", field="birth_name")
        if not clean.first_names:
            raise DomainError("Saisissez au moins un prénom.", field="first_names")
    elif clean.vital != "VIVANT" or clean.protection != "AUCUNE" or clean.birth_date or clean.death_date:
        raise DomainError("La naissance, le décès et la protection ne concernent que les personnes physiques.")
    if clean.kind == "PERSONNE_MORALE" and not clean.company_name:
        raise DomainError("Saisissez la dénomination de la personne morale.", field="company_name")
    if clean.siren and (clean.kind != "PERSONNE_MORALE" or not siren_number.is_valid(clean.siren)):
        text = "Le SIREN compte 9 chiffres, dont une clé, et ne concerne qu'une personne morale."
        raise DomainError(text, field="siren")
    _check_dates(clean)
    details.check(clean)
    name = clean.display_name or made_name(clean)[:200].rstrip()
    if not fold(name):
        named = {"PERSONNE_PHYSIQUE": "birth_name", "PERSONNE_MORALE": "company_name"}.get(clean.kind, "display_name")
        raise DomainError("Indiquez le nom sous lequel ce contact paraît dans les listes.", field=named)
    return settled(clean, {"display_name": name, "email": _email(clean.email), "phone": _phone(clean.phone)})


_VALUES = attrgetter(*(_NAMES := tuple(one.name for one in fields(NewContact))))
_ALLOWED: tuple[tuple[str, tuple[str | None, ...]], ...] = (
    ("kind", KINDS), ("stage", STAGES), ("protection", PROTECTIONS), ("vital", VITALS), ("situation", (None, *SITUATION_LABELS)),
)  # fmt: skip
_LIMITS = (
    ("display_name", 200), ("file_code", 20), ("civility", 10), ("birth_name", 100), ("usage_name", 100), ("first_names", 100),
    ("company_name", 200), ("legal_form", 40), ("city", 100),
)  # fmt: skip


def _trimmed(data: NewContact) -> NewContact:
    values: dict[str, Any] = dict(zip(_NAMES, _VALUES(data), strict=True))
    for name, value in values.items():
        if value is not None and isinstance(value, str):  # most are not told
            try:
                plain = inputs.plain(value, lines=name == "remarks")
            except ValueError as error:
                raise DomainError("Ce texte contient un caractère invisible qui n'est pas accepté.", field=name) from error
            values[name] = plain or ("" if name in ("display_name", "file_code") else None)
    if values["siren"]:
        values["siren"] = values["siren"].replace(" ", "")
    values["file_code"] = (values["file_code"] or "").upper()
    values["more_nationalities"] = tuple(data.more_nationalities)
    return NewContact(**values)


def _check_codes(data: NewContact) -> None:
    for name, codes in _ALLOWED:
        if getattr(data, name) not in codes:
            raise DomainError(f"Valeur inconnue\u202f: {getattr(data, name)}.", field=name)
    for name, most in _LIMITS:
        if len(getattr(data, name) or "") > most:
            raise DomainError(f"Le texte est trop long\u202f: {most} caractères au plus.", field=name)


def _check_dates(data: NewContact) -> None:
    if (data.vital == "DECEDE") != (data.death_date is not None):
        raise DomainError("Un décès se note avec sa date, et une date de décès avec le décès.", field="death_date")
    day = today() if data.birth_date or data.death_date else date.max
    if data.birth_date and data.birth_date > day:
        raise DomainError("La date de naissance est dans le futur.", field="birth_date")
    if data.death_date and data.death_date > day:
        raise DomainError("La date de décès est dans le futur\u202f: vérifiez-la.", field="death_date")
    if data.birth_date and data.death_date and data.death_date < data.birth_date:
        raise DomainError("La date de décès précède la naissance\u202f: vérifiez-la.", field="death_date")
    if data.birth_date and (years := _between(data.birth_date, data.death_date or day)) > OLDEST:
        raise DomainError(f"Cette date donne un âge de {years} ans\u202f: vérifiez l'année de naissance.", field="birth_date")
    if data.protection == "MINEUR" and data.birth_date and data.birth_date <= _years_ago(18):
        raise DomainError("Cette personne est majeure\u202f: choisissez une autre protection.", field="protection")


def _between(born: date, end: date) -> int:
    return end.year - born.year - ((end.month, end.day) < (born.month, born.day))


def _years_ago(years: int) -> date:
    day = today()
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # on a 29 February: that year had none
        return date(day.year - years, 2, 28)


def _email(text: str | None) -> str | None:
    try:
        return None if text is None else inputs.email(text)
    except ValueError as error:
        raise DomainError("Écrivez une adresse e-mail complète.", field="email") from error


def _phone(text: str | None) -> str | None:
    try:
        return None if text is None else inputs.phone(text)
    except ValueError as error:
        raise DomainError("Écrivez un numéro de téléphone, avec l'indicatif du pays hors de France.", field="phone") from error
