"""The acts of this company, in its own order and with its own labels (PLP-009, PLP-044)."""

from __future__ import annotations

from dataclasses import dataclass

CONSULTATION = "consultation"


@dataclass(frozen=True, slots=True)
class Act:
    """`nature` groups acts for «same nature in progress»; `doing` is how a reason names one in progress."""

    code: str
    label: str
    nature: str
    doing: str
    accepts_prefill: bool = False


_PAYMENT = "Un versement"
_PAYMENT_PLAN = "Une demande de versements programmés"
_SURRENDER = "Un rachat"
_SURRENDER_PLAN = "Une demande de rachats programmés"

ACTS = (
    Act("arbitrage", "Arbitrage", "arbitrage", "Un arbitrage", accepts_prefill=True),
    Act("versement_complementaire", "Versement complémentaire", "versement", _PAYMENT, accepts_prefill=True),
    Act("versements_programmes_mise_en_place", "Versements programmés", "versement_programme", _PAYMENT_PLAN,
        accepts_prefill=True),
    Act("versements_programmes_modification", "Versements programmés\u202f: modification", "versement_programme",
        _PAYMENT_PLAN),
    Act("versements_programmes_suspension", "Versements programmés\u202f: suspension", "versement_programme",
        _PAYMENT_PLAN),
    Act("rachat_partiel", "Rachat partiel", "rachat", _SURRENDER, accepts_prefill=True),
    Act("rachats_programmes_mise_en_place", "Rachats programmés", "rachat_programme", _SURRENDER_PLAN,
        accepts_prefill=True),
    Act("rachats_programmes_modification", "Rachats programmés\u202f: modification", "rachat_programme",
        _SURRENDER_PLAN),
    Act("rachats_programmes_suspension", "Rachats programmés\u202f: suspension", "rachat_programme", _SURRENDER_PLAN),
    Act("rachat_total", "Rachat total", "rachat", _SURRENDER),
    Act("avance", "Avance", "avance", "Une avance", accepts_prefill=True),
    Act("clause_beneficiaire", "Clause bénéficiaire", "beneficiaire", "Un changement de clause bénéficiaire"),
    Act("option_securisation", "Option de sécurisation", "arbitrage", "Un arbitrage"),
    Act(CONSULTATION, "Consulter le contrat", "other", ""),
)  # fmt: skip

BY_CODE = {act.code: act for act in ACTS}

#: PLP-086: the labels sent with a status; `signature_awaited` is this company's own, declared on its sheet.
STATUS_LABELS = {
    "pending": "En attente",
    "signature_awaited": "Signature attendue",
    "validated": "Validé",
    "rejected": "Refusé",
    "cancelled": "Annulé",
}
IN_PROGRESS = ("pending", "signature_awaited")
FINAL = ("validated", "rejected", "cancelled")

PERIODICITIES = {
    "monthly": "Mensuelle",
    "quarterly": "Trimestrielle",
    "half_yearly": "Semestrielle",
    "yearly": "Annuelle",
}
