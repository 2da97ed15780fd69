"""The activation as steps: which are done, when, and what comes next (BL-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.api import mandates
from core.api.db import session
from core.api.mandates import Standing
from core.api.types import Step

#: State of the mandate → how many of the five steps are done.
_DONE = {"none": 0, "issued": 1, "completed": 2, "sent": 3, "received": 4, "active": 5, "suspended": 5, "returned": 1}
_PAGES = {
    "generer": "p_nomineo.activation",
    "remplir": "p_nomineo.fill",
    "transmettre": "p_nomineo.dispatch",
    "recevoir": "p_nomineo.reception",
    "activer": "p_nomineo.confirm",
}


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done now, by whom. `kind` picks the note's look; `endpoint` leads to the page that does it."""

    kind: str
    title: str
    text: str
    endpoint: str | None = None
    label: str | None = None


def current(plugin: str) -> list[Step]:
    """The steps of the cabinet of the session at hand; none where the partner is not registered."""
    stands = mandates.standing(session(), plugin)
    return of(stands) if stands is not None else []


def of(stands: Standing) -> list[Step]:
    """The five steps of a mandate."""
    done = _reached(stands)
    failed = stands.state in ("refused", "revoked", "expired", "returned", "suspended")
    on = {
        "generer": _day(stands, "issued"), "remplir": stands.signed_at.date() if stands.signed_at else None,
        "transmettre": stands.sent_on, "recevoir": stands.received_on,
        "activer": stands.active_from.date() if stands.active_from else None,
    }  # fmt: skip
    labels = {
        "generer": "Mandat généré", "remplir": "Rempli et signé", "transmettre": "Transmis à l'inspecteur",
        "recevoir": "Reçu par la compagnie", "activer": "Activation",
    }  # fmt: skip
    made = []
    for index, (key, label) in enumerate(labels.items()):
        is_next = index == done
        state = "done" if index < done else "failed" if is_next and failed else "current" if is_next else "todo"
        if stands.state == "suspended" and key == "activer":
            state = "failed"
        made.append(Step(key, label, state, on[key] if index < done else None, _text(stands, key), _PAGES[key]))  # type: ignore[arg-type]
    return made


def following(stands: Standing) -> Next:
    """What comes next, in one sentence, with the page that does it."""
    due = stands.progress.due
    if stands.state == "received" and due is not None:
        return _awaited(stands, due)
    if stands.state == "sent":
        return _unknown_receipt(stands)
    return _NEXT[stands.state]


def _awaited(stands: Standing, due: date) -> Next:
    label = "Enregistrer l'activation sur preuve"
    if stands.progress.late:
        text = (
            f"L'activation était attendue le {due:%d/%m/%Y} au plus tard ({stands.delay.label} après la réception). "
            f"Contactez {stands.inspector_name or 'votre inspecteur'} ; elle n'est jamais tenue pour faite parce que le "
            "délai a passé."
        )
        return Next("danger", "Retard d'activation", text, _PAGES["activer"], label)
    left = stands.progress.days_left or 0
    count = "c'est aujourd'hui" if left == 0 else f"dans {left} jour{'s' if left > 1 else ''}"
    text = (
        f"La compagnie active l'accès au plus tard le {due:%d/%m/%Y} ({count} ; {stands.delay.label} à compter de la "
        "réception de l'original). Le statut change ici dès qu'elle a saisi le code du mandat."
    )
    return Next("info", "Activation en cours", text, _PAGES["activer"], label)


def _unknown_receipt(stands: Standing) -> Next:
    label = "Saisir la date de réception"
    sent = f"{stands.sent_on:%d/%m/%Y}" if stands.sent_on else "—"
    if stands.progress.chase:
        text = (
            f"Le mandat est parti le {sent} et la date de réception par la compagnie est inconnue. Relancez "
            f"{stands.inspector_name} ({stands.inspector_email}) : le délai ne court qu'à partir de la réception."
        )
        return Next("warning", "Date de réception inconnue : relancez l'inspecteur", text, _PAGES["recevoir"], label)
    text = (
        f"Le mandat est parti le {sent} à {stands.inspector_name}. La compagnie annonce ici la réception de l'original ; "
        "le délai d'activation ne court qu'à partir de cette date."
    )
    return Next("info", "En attente de la réception", text, _PAGES["recevoir"], label)


_NEXT: dict[str, Next] = {
    "none": Next(
        "info", "Demandez l'activation",
        "Générez le mandat : il est pré-rempli avec les données du cabinet. Vous pouvez aussi le remplir à l'écran.",
    ),
    "issued": Next(
        "info", "Remplissez et signez le mandat",
        "Remplissez-le à l'écran ou dans votre lecteur PDF, faites-le signer par le représentant légal, puis déposez-le.",
        _PAGES["remplir"], "Remplir ou déposer le mandat",
    ),
    "completed": Next(
        "info", "Transmettez le mandat à votre inspecteur",
        "Encours prépare l'e-mail, mandat joint. L'original part par courrier : le délai court à sa réception.",
        _PAGES["transmettre"], "Transmettre à l'inspecteur",
    ),
    "active": Next("success", "Nominéo est actif", "Les conseillers habilités ouvrent l'extranet depuis chaque contrat."),
    "returned": Next(
        "warning", "Mandat renvoyé incomplet",
        "La compagnie a renvoyé le mandat. L'historique dit pourquoi ; complétez-le, puis transmettez-le à nouveau.",
        _PAGES["remplir"], "Compléter le mandat",
    ),
    "suspended": Next("warning", "Accès suspendu", "Aucun appel ni ouverture n'est possible tant que la suspension dure."),
    "refused": Next("danger", "Mandat refusé", "La compagnie a refusé ce mandat. Un nouveau mandat peut être demandé."),
    "revoked": Next("danger", "Mandat révoqué", "L'accès est fermé. Un nouveau mandat peut être demandé."),
    "expired": Next("danger", "Mandat expiré", "L'accès est fermé. Un nouveau mandat peut être demandé."),
    "received": Next("warning", "Réception sans date", "Saisissez la date de réception.", _PAGES["recevoir"], "Saisir la date"),
}  # fmt: skip


def _reached(stands: Standing) -> int:
    if stands.state in _DONE:
        return _DONE[stands.state]
    return max((_DONE.get(state, 0) for state in stands.reached), default=0)


def _day(stands: Standing, state: str) -> date | None:
    at = stands.reached.get(state)
    return at.date() if at else None


def _text(stands: Standing, key: str) -> str | None:
    if key == "transmettre" and stands.sent_on and stands.inspector_name:
        return f"À {stands.inspector_name}"
    if key == "recevoir" and stands.state == "sent":
        return "Date de réception inconnue"
    if key == "activer" and stands.progress.due and stands.state == "received":
        return f"Au plus tard le {stands.progress.due:%d/%m/%Y}"
    return None
