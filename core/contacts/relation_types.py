"""The kinds of relation between two contacts: what each end is to the other, who fits, how it is said (domain.md §2.1).

One row a pair: `a` is `kind` of `b`. Each end is a role, told apart even where the law uses one word for several
(«personne protégée» of a tutor or of a curator): a role names its kind and its side, so the inverse is always known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

PERSON, COMPANY, HOUSEHOLD = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE", "FOYER"
#: Unions of which one may have a single one at a time.
UNIONS = ("CONJOINT", "PARTENAIRE_PACS", "CONCUBIN")
GROUPS: dict[str, str] = {
    "famille": "Famille", "protection": "Protection et représentation", "societes": "Sociétés",
    "conseils": "Conseils et apporteurs",
}  # fmt: skip
FILIATIONS: dict[str, str] = {
    "LEGITIME_OU_COMMUN": "Enfant commun ou légitime", "ADOPTION_SIMPLE": "Adoption simple",
    "ADOPTION_PLENIERE": "Adoption plénière", "AUTRE_LIT": "D'une autre union",
}  # fmt: skip
RIGHTS: dict[str, str] = {
    "PLEINE_PROPRIETE": "Pleine propriété", "NUE_PROPRIETE": "Nue-propriété", "USUFRUIT": "Usufruit",
}  # fmt: skip
RIGHTS_SHORT: dict[str, str] = {"PLEINE_PROPRIETE": "PP", "NUE_PROPRIETE": "NP", "USUFRUIT": "US"}
COUNSELS: dict[str, str] = {
    "NOTAIRE": "Notaire", "AVOCAT": "Avocat", "EXPERT_COMPTABLE": "Expert-comptable", "BANQUIER": "Banquier",
    "ASSUREUR": "Assureur", "AUTRE": "Autre conseil",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of relation. `a` and `b`: the roles of its ends; `fits`: kinds of contact that each end may be.

    `fields`: what is told of it besides its dates and its note.
    """

    code: str
    group: str
    a: str
    b: str
    fits: tuple[tuple[str, ...], tuple[str, ...]]
    fields: tuple[str, ...] = ()

    @property
    def symmetric(self) -> bool:
        """Whether both ends are the same to one another."""
        return self.a == self.b


_PEOPLE = ((PERSON,), (PERSON,))
_ANYONE = (PERSON, COMPANY)
_OWNED = ((PERSON,), (COMPANY,))
_SERVED = (_ANYONE, (PERSON, COMPANY, HOUSEHOLD))

KINDS: dict[str, Kind] = {
    one.code: one
    for one in (
        Kind("CONJOINT", "famille", "CONJOINT", "CONJOINT", _PEOPLE),
        Kind("PARTENAIRE_PACS", "famille", "PARTENAIRE_PACS", "PARTENAIRE_PACS", _PEOPLE),
        Kind("CONCUBIN", "famille", "CONCUBIN", "CONCUBIN", _PEOPLE),
        Kind("EX_CONJOINT", "famille", "EX_CONJOINT", "EX_CONJOINT", _PEOPLE),
        Kind("PARENT", "famille", "PARENT", "ENFANT", _PEOPLE, ("filiation",)),
        Kind("FRERE_SOEUR", "famille", "FRERE_SOEUR", "FRERE_SOEUR", _PEOPLE),
        Kind("GRAND_PARENT", "famille", "GRAND_PARENT", "PETIT_ENFANT", _PEOPLE),
        Kind("ONCLE_TANTE", "famille", "ONCLE_TANTE", "NEVEU_NIECE", _PEOPLE),
        Kind("TUTEUR", "protection", "TUTEUR", "PROTEGE_TUTELLE", (_ANYONE, (PERSON,))),
        Kind("CURATEUR", "protection", "CURATEUR", "PROTEGE_CURATELLE", (_ANYONE, (PERSON,))),
        Kind("REPRESENTANT_LEGAL", "protection", "REPRESENTANT_LEGAL", "REPRESENTE", (_ANYONE, _ANYONE)),
        Kind("ASSOCIE", "societes", "ASSOCIE", "SOCIETE_DETENUE", (_ANYONE, (COMPANY,)), ("share", "right")),
        Kind("DIRIGEANT", "societes", "DIRIGEANT", "SOCIETE_DIRIGEE", (_ANYONE, (COMPANY,)), ("function",)),
        Kind("BENEFICIAIRE_EFFECTIF", "societes", "BENEFICIAIRE_EFFECTIF", "SOCIETE_CONTROLEE", _OWNED, ("share",)),
        Kind("APPORTEUR", "conseils", "APPORTEUR", "APPORTE", _SERVED),
        Kind("CONSEIL", "conseils", "CONSEIL", "CLIENT_CONSEIL", _SERVED, ("counsel",)),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """What a contact is to another. `side`: its end of the kind, «a» or «b»; of a symmetric kind, «a»."""

    code: str
    kind: str
    side: str


ROLES: dict[str, Role] = {
    **{one.b: Role(one.b, one.code, "b") for one in KINDS.values()},
    **{one.a: Role(one.a, one.code, "a") for one in KINDS.values()},
}
#: Role → how a form offers it: what the other contact is to the one whose file is open.
ROLE_LABELS: dict[str, str] = {
    "CONJOINT": "Époux, épouse", "PARTENAIRE_PACS": "Partenaire de Pacs", "CONCUBIN": "Concubin, concubine",
    "EX_CONJOINT": "Ex-époux, ex-épouse", "PARENT": "Père, mère", "ENFANT": "Enfant", "FRERE_SOEUR": "Frère, sœur",
    "GRAND_PARENT": "Grand-parent", "PETIT_ENFANT": "Petit-enfant", "ONCLE_TANTE": "Oncle, tante",
    "NEVEU_NIECE": "Neveu, nièce", "TUTEUR": "Tuteur", "PROTEGE_TUTELLE": "Personne sous sa tutelle", "CURATEUR": "Curateur",
    "PROTEGE_CURATELLE": "Personne sous sa curatelle", "REPRESENTANT_LEGAL": "Représentant légal",
    "REPRESENTE": "Personne représentée",
    "ASSOCIE": "Associé", "SOCIETE_DETENUE": "Société détenue", "DIRIGEANT": "Dirigeant", "SOCIETE_DIRIGEE": "Société dirigée",
    "BENEFICIAIRE_EFFECTIF": "Bénéficiaire effectif", "SOCIETE_CONTROLEE": "Société dont il est bénéficiaire effectif",
    "APPORTEUR": "Apporteur", "APPORTE": "Contact apporté", "CONSEIL": "Conseil (notaire, avocat…)",
    "CLIENT_CONSEIL": "Client conseillé",
}  # fmt: skip
#: The same said of a woman, of a man; what is not here is the same for all.
_OF: dict[str, dict[str, str]] = {
    "MME": {
        "CONJOINT": "Épouse", "CONCUBIN": "Concubine", "EX_CONJOINT": "Ex-épouse", "PARENT": "Mère", "ENFANT": "Fille",
        "FRERE_SOEUR": "Sœur", "GRAND_PARENT": "Grand-mère", "PETIT_ENFANT": "Petite-fille", "ONCLE_TANTE": "Tante",
        "NEVEU_NIECE": "Nièce", "TUTEUR": "Tutrice", "CURATEUR": "Curatrice", "REPRESENTANT_LEGAL": "Représentante légale",
        "ASSOCIE": "Associée", "DIRIGEANT": "Dirigeante", "APPORTEUR": "Apporteuse",
    },
    "M": {
        "CONJOINT": "Époux", "CONCUBIN": "Concubin", "EX_CONJOINT": "Ex-époux", "PARENT": "Père", "ENFANT": "Fils",
        "FRERE_SOEUR": "Frère", "GRAND_PARENT": "Grand-père", "PETIT_ENFANT": "Petit-fils", "ONCLE_TANTE": "Oncle",
        "NEVEU_NIECE": "Neveu",
    },
}  # fmt: skip
#: The order of roles in a list.
RANKS: dict[str, int] = {code: place for place, code in enumerate(ROLE_LABELS)}


def said(role: str, civility: str | None = None, *, counsel: str | None = None) -> str:
    """What a contact is to another, in words: «Mère», «Notaire»."""
    if role == "CONSEIL" and counsel:
        return COUNSELS.get(counsel, counsel)
    return _OF.get(civility or "", {}).get(role, ROLE_LABELS.get(role, role))


def percent(share: Decimal) -> str:
    """A share as it is written: 0.3333 → «33,33 %», with no decimal that says nothing."""
    text = f"{share * 100:.6f}".rstrip("0").rstrip(".")
    return f"{text.replace('.', ',')}\u00a0%"


def offered(kind: str) -> Mapping[str, str]:
    """The roles that another contact may have to one of this kind."""
    return {
        code: label
        for code, label in ROLE_LABELS.items()
        if kind in KINDS[ROLES[code].kind].fits[1 if ROLES[code].side == "a" else 0]
    }
