"""PLP-107: refusals of the partner's API, as RFC 9457 problems."""

from __future__ import annotations

from typing import Any

TITLES = {
    "malformed-request": (400, "Requête illisible"),
    "invalid-assertion": (401, "Assertion invalide"),
    "stale-assertion": (401, "Assertion périmée"),
    "invalid-signature": (401, "Signature invalide"),
    "mandate-inactive": (403, "Mandat inactif"),
    "scope-denied": (403, "Droit non prévu par le mandat"),
    "adviser-not-mandated": (403, "Conseiller non habilité"),
    "not-found": (404, "Adresse inconnue"),
    "account-unknown": (404, "Contrat inconnu"),
    "transaction-unknown": (404, "Transaction inconnue"),
    "mandate-unknown": (404, "Mandat inconnu"),
    "method-not-allowed": (405, "Méthode non admise"),
    "sequence-conflict": (409, "Version contredite"),
    "mandate-revoked": (410, "Mandat révoqué"),
    "cursor-expired": (410, "Curseur périmé"),
    "too-large": (413, "Corps trop grand"),
    "media-type": (415, "Format non admis"),
    "validation": (422, "Valeur refusée"),
    "version-unsupported": (426, "Version du protocole non prise en charge"),
    "rate-limited": (429, "Trop de requêtes"),
    "internal": (500, "Erreur interne"),
    "maintenance": (503, "Service interrompu"),
}
_RETRYABLE = ("rate-limited", "maintenance")


class Problem(Exception):
    """One refusal; `detail` holds no personal data."""

    def __init__(self, slug: str, detail: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(slug)
        self.slug = slug
        self.detail = detail
        self.status = TITLES[slug][0]
        self.headers = dict(headers or {})
        if self.status == 401:
            self.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'  # PLP-036

    def document(self, instance: str, interaction_id: str) -> dict[str, Any]:
        """The body."""
        return {
            "type": f"urn:plp:problem:{self.slug}",
            "title": TITLES[self.slug][1],
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "interaction_id": interaction_id,
            "retryable": self.slug in _RETRYABLE,
            "reason_code": None,
        }
