"""PLP-037 to PLP-043: the mandate, the platform's half."""

from __future__ import annotations

from typing import Any

from plp_conform import wire
from plp_conform.against_platform.bench import Bench
from plp_conform.against_platform.registry import REGISTRY
from plp_conform.trial import Trial
from plp_conform.trial import Unverified

CHAPTER = "Mandat"
check = REGISTRY.chapter(CHAPTER)


@check("mandate.document", "Le document du mandat suit son schéma, sans joker", "PLP-037", "PLP-040", "PLP-013")
def the_document(bench: Bench, trial: Trial) -> None:
    """Names of the sheet; the secret is not in it."""
    document = bench.document()
    shown = wire.dump(document)
    trial.shape("Mandate", document, sent="PUT mandates", what="document")
    for name in ("mandate", "iss", "client_id", "jwks_uri"):
        trial.due(document[name] == bench.sheet[name], sent="PUT mandates", came=str(document[name]), due=f"{name} de la fiche")
    trial.due(document["partner_id"] == bench.partner.partner_id, sent="PUT mandates", came=shown[:300], due="notre partner_id")
    trial.due(
        set(bench.sheet["jkt"]) <= set(document["jkt"]), sent="PUT mandates", came=str(document["jkt"]), due="jkt de la fiche"
    )
    secret = str(bench.sheet["webhook_secret"])
    trial.due(secret not in shown, sent="PUT mandates", came="document", due="sans le secret des notifications")
    acts = {f"launch:{code}" for code in bench.partner.acts} | {"launch:consultation", "capabilities", "status"}
    trial.due(set(document["scopes"]) <= acts, sent="PUT mandates", came=str(document["scopes"]), due="des actes de notre fiche")


@check("mandate.path", "Chemin, jeton et document nomment le même mandat", "PLP-037", "PLP-023")
def one_mandate(bench: Bench, trial: Trial) -> None:
    """For each `PUT`."""
    bench.document()
    for call in bench.partner.calls("/mandates/"):
        name = call.path.rsplit("/", 1)[1]
        inside = wire.parse(call.incoming.body)["mandate"] if call.incoming.body else name
        trial.due(name == inside == call.claims["mandate"], sent="PUT mandates", came=call.told, due="un seul mandat")


@check("mandate.received", "La réception et l'activation sont prises\u202f: 204", "PLP-041")
def steps_are_taken(bench: Bench, trial: Trial) -> None:
    """In order; `data` is the view."""
    partner = bench.active
    if "received" not in bench.joined:
        raise Unverified(f"le mandat était déjà {partner.view['state']} au début de l'essai")
    trial.answer(bench.joined["received"], 204)
    trial.answer(bench.joined["activated"], 204)


@check("mandate.version", "Chaque changement du document en augmente la version", "PLP-038")
def versions_go_up(bench: Bench, trial: Trial) -> None:
    """Sent on the change of state."""
    bench.active  # noqa: B018 - what it brings about is looked at
    puts = [wire.parse(call.incoming.body) for call in bench.partner.calls("/mandates/") if call.incoming.method == "PUT"]
    versions = [one["version"] for one in puts]
    if not versions:
        raise Unverified("aucun PUT cette fois\u202f: le mandat était déjà actif")
    kept: dict[int, dict[str, Any]] = {}
    for one in puts:
        before = kept.setdefault(one["version"], one)
        trial.due(
            before == one, sent="PUT mandates", came=str(one)[:300], due=f"le même contenu sous la version {one['version']}"
        )
    trial.due(versions == sorted(versions), sent="PUT mandates", came=str(versions), due="des versions qui montent")
    states = [one["state"] for one in puts]
    if "activated" in bench.joined:
        trial.due(
            states[-1] == "active" and len(set(versions)) > 1,
            sent="activation",
            came=str(states),
            due="une version «\u202factive\u202f»",
        )


@check("mandate.repeat", "La même étape, ou une plus ancienne, ne change rien\u202f: 200", "PLP-041")
def an_old_step(bench: Bench, trial: Trial) -> None:
    """`seq` lower or equal."""
    view = dict(bench.active.view)
    trial.answer(bench.partner.hook("mandate.activated", view, note="la même étape sous un nouvel envoi"), 200)
    older = {**view, "seq": view["seq"] - 1, "state": "received", "code": None}
    trial.answer(bench.partner.hook("mandate.received", older, note="une étape plus ancienne"), 200)


@check("mandate.foreign", "Un mandat étranger est mis de côté\u202f: 202", "PLP-041")
def a_foreign_mandate(bench: Bench, trial: Trial) -> None:
    """Nothing tells whether it exists elsewhere."""
    view = {**bench.active.view, "mandate": wire.new_id("mdt"), "seq": 9}
    trial.answer(bench.partner.hook("mandate.activated", view, note="mandat inconnu"), 202)


@check("mandate.suspended", "Suspendu par le partenaire\u202f: plus de question, plus d'ouverture", "PLP-042", "PLP-043")
def suspended(bench: Bench, trial: Trial) -> None:
    """No capability call; then active again without a code."""
    partner = bench.active
    bench.acts(trial)
    told = partner.hook("mandate.suspended", partner.step("suspended", reason={"code": "other", "text": "Essai de conformité."}))
    before = len(partner.calls("/capabilities"))
    page = bench.visitor.acts()
    asked = len(partner.calls("/capabilities")) - before
    closed = bench.visitor.launch_form(page) is None
    resumed = partner.hook("mandate.activated", partner.step("active"), note="reprise, sans code")
    trial.answer(told, 204)
    trial.answer(page, 200, holds=asked == 0 and closed, due="une page sans acte ouvert, le partenaire n'est pas interrogé")
    trial.answer(resumed, 204)
    again = bench.acts(trial)
    trial.answer(again, 200, holds=bench.visitor.launch_form(again) is not None, due="l'acte est ouvert à nouveau")


@check("mandate.bad-view", "Une vue mal formée est refusée, le mandat reste", "PLP-041", "PLP-092")
def a_bad_view(bench: Bench, trial: Trial) -> None:
    """Members and types 400, values 422."""
    view = dict(bench.active.view)
    trial.answer(bench.partner.hook("mandate.activated", "x", note="data qui n'est pas un objet"), 400)
    wrong = {**view, "seq": view["seq"] + 1, "state": "conquis"}
    trial.answer(bench.partner.hook("mandate.activated", wrong, note="état hors du vocabulaire"), 400, 422)
    page = bench.acts(trial)
    trial.answer(page, 200, holds=bench.visitor.launch_form(page) is not None, due="l'acte est toujours ouvert")
