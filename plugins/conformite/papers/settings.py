"""What the cabinet says of itself in its documents, how long they hold, what acts may do without them (CO-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.forms import fields
from plugins.conformite.papers import kinds

BLOCK, WARN, IGNORE = "BLOQUER", "AVERTIR", "IGNORER"
POLICIES: dict[str, Any] = {
    BLOCK: _l("Bloquer l'acte"), WARN: _l("Avertir, et demander une raison"), IGNORE: _l("Ne rien dire"),
}  # fmt: skip
WRONG: Any = _l("Choisissez une règle de la liste.")
#: Months that a document may hold.
DURATIONS: dict[str, Any] = {
    "0": _l("Sans échéance"), "6": _l("6 mois"), "12": _l("12 mois"), "18": _l("18 mois"), "24": _l("24 mois"),
    "36": _l("36 mois"), "60": _l("60 mois"),
}  # fmt: skip
#: What the law has a cabinet say of itself and core does not keep (RG AMF, art. 325-5); the key is that of its word.
FIRM: dict[str, str] = {
    "forme": "Forme juridique, capital et RCS", "statuts": "Statuts", "association": "Association professionnelle",
    "assurance": "Assurance de responsabilité civile professionnelle", "conseil": "Nature du conseil",
    "remuneration": "Mode de rémunération", "relations": "Relations significatives", "echanges": "Modes de communication",
    "reclamations": "Adresse des réclamations", "mediateur": "Médiateurs",
}  # fmt: skip
_HELP: dict[str, Any] = {
    "statuts": _l("CIF, courtier ou mandataire en assurance, IOBSP, démarchage, carte T."),
    "association": _l("Celle qui est agréée par l'AMF, si le cabinet est CIF."),
    "conseil": _l("Indépendant ou non indépendant, et ce que cela change à la rémunération."),
    "relations": _l("Établissements liés au cabinet par le capital ou le commerce\u202f; «\u202faucune\u202f» sinon."),
}  # fmt: skip


def firm_field(key: str) -> str:
    """The setting in which the cabinet says it."""
    return f"firm_{key}"


def policy_field(kind: str) -> str:
    """The setting that says what an act does without a valid document of a kind."""
    return f"paper_{kind.lower()}"


def months_field(kind: str) -> str:
    """The setting that says how long such a document holds."""
    return f"months_{kind.lower()}"


def _made() -> dict[str, Any]:
    found: dict[str, Any] = {
        policy_field(one.code): fields.choice(
            _l("S'il manque\u202f: %(paper)s", paper=one.label), POLICIES, wrong=WRONG, empty=IGNORE, kind="radio", wide=True,
            group="documents",
            help=_l("Avant un versement, un arbitrage ou un rachat, si ce document manque, n'est pas signé ou a expiré."),
        )
        for one in kinds.KINDS.values()
    }  # fmt: skip
    found |= {
        months_field(one.code): fields.choice(
            _l("Validité\u202f: %(paper)s", paper=one.label), DURATIONS, wrong=_l("Choisissez une durée de la liste."),
            empty=str(one.months), group="documents", help=_l("Choix du cabinet\u202f: les textes ne fixent pas de durée."),
        )
        for one in kinds.KINDS.values() if not (one.profiled and not one.months)
    }  # fmt: skip
    return found | {
        firm_field(key): fields.line(
            label, 1000, lines=True, empty="", wide=True, group="cabinet",
            help=_HELP.get(key, _l("Imprimé dans les documents du cabinet."))
        )
        for key, label in FIRM.items()
    }  # fmt: skip


#: What `ConformiteSettings` includes, after its own fields.
GROUPS: dict[str, Any] = {"documents": _l("Documents réglementaires"), "cabinet": _l("Le cabinet, dans ses documents")}
FIELDS = _made()
