"""The activation as steps: which are done, when, and what comes next (BL-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.activation.partnership import Partnership
from core.db import current as running
from core.db.clock import day_of
from core.hooks.types import Step
from core.links import mandates
from core.links.mandates import Standing

#: State of the mandate → how many of the five steps are done.
_DONE = {"none": 0, "issued": 1, "completed": 2, "sent": 3, "received": 4, "active": 5, "suspended": 5, "returned": 1}
#: Step → what it is called, the page that does it.
_STEPS = {
    "generer": (_l("Mandat généré"), "activation"),
    "remplir": (_l("Rempli et signé"), "fill"),
    "transmettre": (_l("Transmis %(contact)s"), "dispatch"),
    "recevoir": (_l("Reçu par la compagnie"), "reception"),
    "activer": (_l("Activation"), "confirm"),
}


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done now. `kind` picks the note's look; `endpoint` leads to the page that does it.

    `who` says to somebody who may not do it whose turn it is; None where nothing is to be done.
    """

    kind: str
    title: str
    text: str
    endpoint: str | None = None
    label: str | None = None
    who: str | None = None


def current(at: Partnership) -> list[Step]:
    """The steps of the cabinet of the session at hand; none where the partner is not registered."""
    stands = mandates.standing(running.session(), at.name)
    return of(stands, at) if stands is not None else []


def of(stands: Standing, at: Partnership) -> list[Step]:
    """The five steps of a mandate."""
    done = _reached(stands)
    failed = stands.state in ("refused", "revoked", "expired", "returned", "suspended")
    on = {
        "generer": _day(stands, "issued"), "remplir": day_of(stands.signed_at) if stands.signed_at else None,
        "transmettre": stands.sent_on, "recevoir": stands.received_on,
        "activer": day_of(stands.active_from) if stands.active_from else None,
    }  # fmt: skip
    made = []
    for index, (key, (label, endpoint)) in enumerate(_STEPS.items()):
        is_next = index == done
        state = "done" if index < done else "failed" if is_next and failed else "current" if is_next else "todo"
        if failed and done == len(_STEPS) and index == done - 1:  # it was active, and is no more
            state = "failed"
        text = _text(stands, key)
        said = str(label).replace("%(contact)s", at.words.to_contact)
        day = on[key] if index < done else None
        made.append(Step(key, said, state, day, text, at.endpoint(endpoint)))  # type: ignore[arg-type]
    return made


def following(stands: Standing, at: Partnership) -> Next:
    """What comes next, with the page that does it."""
    due = stands.progress.due
    if stands.state in ("sent", "received") and not stands.code_usable:
        return _dead_code(at)
    if stands.state == "received" and due is not None:
        return _awaited(stands, at, due)
    if stands.state == "sent":
        return _unknown_receipt(stands, at)
    if stands.state == "suspended":
        return _suspended(stands, at)
    return _plain(at)[stands.state]


def _dead_code(at: Partnership) -> Next:
    text = _(
        "Le code imprimé sur le mandat est périmé, ou a été saisi cinq fois de travers\u202f: la compagnie ne peut plus s'en "
        "servir. Générez un nouveau mandat et transmettez-le, ou enregistrez l'activation sur preuve écrite."
    )
    label = _("Enregistrer l'activation sur preuve")
    return Next("danger", _("Code d'activation hors d'usage"), text, _page(at, "activer"), label, _administrator())


def _awaited(stands: Standing, at: Partnership, due: date) -> Next:
    label, who = _("Enregistrer l'activation sur preuve"), _administrator_on_proof()
    if stands.progress.late:
        text = _(
            "L'activation était attendue le %(due)s au plus tard (%(delay)s après la réception). Contactez %(inspector)s\u202f; "
            "elle n'est jamais tenue pour faite parce que le délai a passé.",
            due=f"{due:%d/%m/%Y}", delay=stands.delay.label, inspector=_inspector(stands, at),
        )  # fmt: skip
        return Next("danger", _("Retard d'activation"), text, _page(at, "activer"), label, who)
    left = stands.progress.days_left or 0
    count = _("c'est aujourd'hui") if left == 0 else ngettext("dans %(num)s jour", "dans %(num)s jours", left)
    text = _(
        "La compagnie active l'accès au plus tard le %(due)s (%(count)s\u202f; %(delay)s à compter de la réception de "
        "l'original). Le statut change ici dès qu'elle a saisi le code du mandat.",
        due=f"{due:%d/%m/%Y}", count=count, delay=stands.delay.label,
    )  # fmt: skip
    return Next("info", _("Activation en cours"), text, _page(at, "activer"), label, who)


def _unknown_receipt(stands: Standing, at: Partnership) -> Next:
    label, who = _("Saisir la date de réception"), _administrator_on_proof()
    sent = f"{stands.sent_on:%d/%m/%Y}" if stands.sent_on else "—"
    if stands.progress.chase:
        text = _(
            "Le mandat est parti le %(sent)s et la date de réception par la compagnie est inconnue. Relancez "
            "%(inspector)s\u202f: le délai ne court qu'à partir de la réception.",
            sent=sent, inspector=f"{stands.inspector_name} ({stands.inspector_email})",
        )  # fmt: skip
        title = _("Date de réception inconnue\u202f: relancez %(contact)s", contact=at.words.the_contact)
        return Next("warning", title, text, _page(at, "recevoir"), label, who)
    text = _(
        "Le mandat est parti le %(sent)s à %(inspector)s. La compagnie annonce ici la réception de l'original\u202f; le délai "
        "d'activation ne court qu'à partir de cette date.",
        sent=sent, inspector=stands.inspector_name,
    )  # fmt: skip
    return Next("info", _("En attente de la réception"), text, _page(at, "recevoir"), label, who)


def _suspended(stands: Standing, at: Partnership) -> Next:
    title = _("Accès suspendu")
    closed = _("Aucun appel ni ouverture n'est possible tant que la suspension dure.")
    if stands.suspended_by == "platform":
        return Next("warning", title, _("Votre cabinet a suspendu l'accès.") + " " + closed, who=_administrator())
    theirs = _("Contactez %(inspector)s.", inspector=_inspector(stands, at))
    if stands.suspended_by == "both":
        text = _("Votre cabinet et la compagnie ont chacun suspendu l'accès\u202f: il faut que les deux le rétablissent.")
    else:
        text = _("La compagnie a suspendu l'accès\u202f; elle seule peut le rétablir.")
    who = _("Un administrateur du cabinet peut contacter %(contact)s de la compagnie.", contact=at.words.the_contact)
    return Next("warning", title, f"{text} {theirs} {closed}", who=who)


def _plain(at: Partnership) -> dict[str, Next]:
    administrator, again = _administrator(), _("L'accès est fermé. Un nouveau mandat peut être demandé.")
    return {
        "none": Next(
            "info", _("Demandez l'activation"),
            _("Générez le mandat\u202f: il est pré-rempli avec les données du cabinet. Vous pouvez aussi le remplir à l'écran."),
            who=administrator,
        ),
        "issued": Next(
            "info", _("Remplissez et signez le mandat"),
            _("Remplissez-le à l'écran ou dans votre lecteur PDF, faites-le signer par le représentant légal, puis "
              "déposez-le."),
            _page(at, "remplir"), _("Remplir ou déposer le mandat"), administrator,
        ),
        "completed": Next(
            "info", _("Transmettez le mandat à votre %(contact)s", contact=at.words.contact),
            _("Encours prépare l'e-mail, mandat joint. L'original part par courrier\u202f: le délai court à sa réception."),
            _page(at, "transmettre"), _("Transmettre %(contact)s", contact=at.words.to_contact), administrator,
        ),
        "active": Next(
            "success", _("%(partner)s est actif", partner=at.label),
            _("Les conseillers habilités ouvrent l'extranet depuis chaque contrat."),
        ),
        "returned": Next(
            "warning", _("Mandat renvoyé incomplet"),
            _("La compagnie a renvoyé le mandat. L'historique dit pourquoi\u202f; complétez-le, puis transmettez-le à nouveau."),
            _page(at, "remplir"), _("Compléter le mandat"), administrator,
        ),
        "refused": Next(
            "danger", _("Mandat refusé"),
            _("La compagnie a refusé ce mandat\u202f; l'historique dit pourquoi. Un nouveau mandat peut être demandé."),
            who=administrator,
        ),
        "revoked": Next("danger", _("Mandat révoqué"), again, who=administrator),
        "expired": Next("danger", _("Mandat expiré"), again, who=administrator),
        "received": Next(
            "warning", _("Réception sans date"), _("Saisissez la date de réception."), _page(at, "recevoir"),
            _("Saisir la date"), administrator,
        ),
    }  # fmt: skip


def _administrator() -> str:
    return str(_("Un administrateur du cabinet peut faire cette étape."))


def _administrator_on_proof() -> str:
    return str(_("C'est à la compagnie de jouer\u202f; un administrateur du cabinet suit l'activation."))


def _inspector(stands: Standing, at: Partnership) -> str:
    return stands.inspector_name or str(_("votre %(contact)s", contact=at.words.contact))


def _page(at: Partnership, key: str) -> str:
    return at.endpoint(_STEPS[key][1])


def _reached(stands: Standing) -> int:
    if stands.state in _DONE:
        return _DONE[stands.state]
    return max((_DONE.get(state, 0) for state in stands.reached), default=0)


def _day(stands: Standing, state: str) -> date | None:
    at = stands.reached.get(state)
    return day_of(at) if at else None


def _text(stands: Standing, key: str) -> str | None:
    if key == "transmettre" and stands.sent_on and stands.inspector_name:
        return str(_("À %(name)s", name=stands.inspector_name))
    if key == "recevoir" and stands.state == "sent":
        return str(_("Date de réception inconnue"))
    if key == "activer" and stands.progress.due and stands.state == "received":
        return str(_("Au plus tard le %(due)s", due=f"{stands.progress.due:%d/%m/%Y}"))
    return None
