"""How a portfolio opens, the cabinet's choice or each person's own (BL-02, US-02); from when on its audit speaks (PF-07)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields

#: What a portfolio is divided by; how far back its curve goes.
WAYS: dict[str, Any] = {"support": _l("Support"), "compagnie": _l("Compagnie"), "enveloppe": _l("Enveloppe")}
PERIODS: dict[str, Any] = {"12m": _l("12 mois"), "5a": _l("5 ans"), "tout": _l("Tout")}
_WHOLE: Any = _l("Saisissez un nombre entier, sans décimale.")
_EVERYONE = ("installation", "cabinet", "user")


def _threshold(label: Any, least: int, most: int, usual: int, suffix: Any, wrong: Any, help: Any) -> Any:  # noqa: A002 - the form's word
    """One of the audit's thresholds: the cabinet's, a whole number."""
    return fields.whole(label, least, most, wrong=wrong, invalid=_WHOLE, empty=usual, suffix=suffix, help=help)


class PortefeuilleSettings(Form):
    """What the two charts above a portfolio show before anything is chosen there; the thresholds of its audit."""

    keeps_blanks = True
    about = _l("Ce que montrent les deux graphiques d'un portefeuille à son ouverture. Chacun peut ensuite choisir sur place. "
               "Seuils à partir desquels l'audit d'un portefeuille signale quelque chose.")

    by = fields.choice(
        _l("Répartition"), WAYS, wrong=_l("Choisissez une répartition de la liste."), empty="support", scopes=_EVERYONE,
        kind="radio", help=_l("Sans support connu, la répartition est par enveloppe."),
    )
    period = fields.choice(
        _l("Évolution de l'encours"), PERIODS, wrong=_l("Choisissez une période de la liste."), empty="12m", scopes=_EVERYONE,
        kind="radio",
    )
    audit_support = _threshold(
        _l("Audit\u202f: poids d'un support"), 1, 100, 25, "%", _l("Le poids va de 1 à 100\u00a0%."),
        _l("Part du portefeuille au-delà de laquelle un seul support est signalé."),
    )  # fmt: skip
    audit_euro = _threshold(
        _l("Audit\u202f: poids des fonds en euros"), 1, 100, 60, "%", _l("Le poids va de 1 à 100\u00a0%."),
        _l("Part du portefeuille au-delà de laquelle les fonds en euros sont signalés."),
    )  # fmt: skip
    audit_fees = _threshold(
        _l("Audit\u202f: frais de gestion"), 1, 1000, 100, _l("pb"), _l("Les frais vont de 1 à 1000 points de base."),
        _l("Moyenne annuelle des contrats, en points de base\u202f: 100 points font 1\u00a0%."),
    )  # fmt: skip
    audit_risk = _threshold(
        _l("Audit\u202f: risque moyen (SRI)"), 1, 7, 5, _l("sur 7"), _l("Le SRI va de 1 à 7."),
        _l("Moyenne pondérée au-delà de laquelle le risque est signalé."),
    )  # fmt: skip
    audit_unrated = _threshold(
        _l("Audit\u202f: supports sans SRI"), 1, 100, 20, "%", _l("La part va de 1 à 100\u00a0%."),
        _l("Part sans SRI de ce qui est investi hors fonds en euros et liquidités."),
    )  # fmt: skip
    audit_cash = _threshold(
        _l("Audit\u202f: liquidités"), 1, 10_000_000, 50_000, "€", _l("Le montant va de 1 à 10 000 000\u00a0€."),
        _l("Total des comptes, livrets et lignes de liquidités au-delà duquel il est signalé."),
    )  # fmt: skip
    audit_uninvested = _threshold(
        _l("Audit\u202f: liquidités d'un compte"), 1, 100, 10, "%", _l("La part va de 1 à 100\u00a0%."),
        _l("Part non investie d'un contrat ou d'un compte-titres."),
    )  # fmt: skip
    audit_clause = _threshold(
        _l("Audit\u202f: clause à relire"), 1, 50, 5, _l("ans"), _l("La durée va de 1 à 50 ans."),
        _l("Âge du contrat au-delà duquel sa clause bénéficiaire est à relire."),
    )  # fmt: skip
    audit_price = _threshold(
        _l("Audit\u202f: ancienneté d'un prix"), 1, 3650, 30, _l("jours"), _l("La durée va de 1 à 3650 jours."),
        _l("À la date de l'audit."),
    )  # fmt: skip
    audit_stale = _threshold(
        _l("Audit\u202f: ancienneté d'une valeur"), 1, 3650, 90, _l("jours"), _l("La durée va de 1 à 3650 jours."),
        _l("Âge de la dernière valeur d'un compte, à la date de l'audit."),
    )  # fmt: skip
    audit_idle = _threshold(
        _l("Audit\u202f: compte sans mouvement"), 1, 50, 5, _l("ans"), _l("La durée va de 1 à 50 ans."),
        _l("Durée sans mouvement au-delà de laquelle un compte est signalé."),
    )  # fmt: skip
