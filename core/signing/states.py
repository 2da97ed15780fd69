"""What a request for signatures, and each of its signers, may be (domain.md §2.5)."""

from __future__ import annotations

#: Of a request. `PRET`: nobody was asked by a link yet.
STATES: dict[str, str] = {
    "PRET": "Prêt à signer", "ENVOYE": "Envoyé à signer", "CONSULTE": "Consulté", "SIGNE_PARTIEL": "Signé en partie",
    "SIGNE": "Signé", "REFUSE": "Refusé", "EXPIRE": "Expiré", "ANNULE": "Annulé",
}  # fmt: skip
#: Those in which somebody may still sign.
OPEN = ("PRET", "ENVOYE", "CONSULTE", "SIGNE_PARTIEL")
#: How a list is parted → its name, the states in it.
SHELVES: dict[str, tuple[str, tuple[str, ...]]] = {
    "en-cours": ("En cours", OPEN), "signees": ("Signées", ("SIGNE",)),
    "sans-suite": ("Refusées, expirées, annulées", ("REFUSE", "EXPIRE", "ANNULE")),
}  # fmt: skip
#: Of a signer, whose turn comes after those before him.
SIGNER_STATES: dict[str, str] = {
    "ATTENTE": "À son tour", "INVITE": "Invité", "CONSULTE": "A ouvert le document", "SIGNE": "A signé", "REFUSE": "A refusé",
}  # fmt: skip
#: How somebody signs: on the adviser's screen, by a link in an e-mail, by hand on paper.
WAYS: dict[str, str] = {"PLACE": "Sur cet écran", "LIEN": "Par un lien envoyé par e-mail", "PAPIER": "Sur papier"}
#: What a signer agrees to, word for word; its number is kept with each signature.
CONSENTS: dict[int, str] = {
    1: "J'ai lu ce document en entier et je le signe électroniquement. Je sais que cette signature est une signature "
    "électronique simple (règlement (UE) n° 910/2014, dit eIDAS, article 3, point 10)."
}
CONSENT = max(CONSENTS)
#: The level, as it is told to everyone who reads of it.
LEVEL = "Signature électronique simple (règlement eIDAS), document scellé par le certificat du cabinet"
