"""The rules of an investment's adequacy: risk, knowledge, losses, horizon, durability, target market (CO-04). Pure."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping

from core.api.formats import day
from core.api.formats import number
from plugins.conformite import suitability
from plugins.conformite.profiles import Established
from plugins.conformite.projects import projection
from plugins.conformite.projects import target_market
from plugins.conformite.projects.adequacy import BLOCK
from plugins.conformite.projects.adequacy import OK
from plugins.conformite.projects.adequacy import UNKNOWN
from plugins.conformite.projects.adequacy import WARN
from plugins.conformite.projects.adequacy import Piece
from plugins.conformite.projects.adequacy import Plan
from plugins.conformite.projects.adequacy import Rule
from plugins.conformite.projects.adequacy import Scales
from plugins.conformite.projects.adequacy import worst
from plugins.conformite.projects.targets import CLASSES
from plugins.conformite.scoring import HORIZONS
from plugins.conformite.scoring import LEVELS
from plugins.conformite.scoring import LOSSES

SUITABILITY = "Règlement délégué (UE) 2017/565, article 54"
KNOWLEDGE = "Règlement délégué (UE) 2017/565, articles 54 et 55"
GREEN = "Règlement délégué (UE) 2017/565, articles 2 (7) et 54, tel que modifié par le règlement délégué (UE) 2021/1253"
#: Asset class → the kinds of placement of the questionnaire that it takes to know. Of the others nothing is asked.
KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    "LIQUIDITES": (), "FONDS_EURO": ("fonds_euros",), "OBLIGATIONS": ("obligations",), "ACTIONS": ("actions",),
    "DIVERSIFIE": ("obligations", "actions"), "IMMOBILIER": ("immobilier",), "STRUCTURE": ("structures",),
    "NON_COTE": ("capital",), "CRYPTO": ("crypto",),
}  # fmt: skip
#: Placements that are complex, or cannot be sold: without knowledge of them they are not advised. The house's choice.
HARD = frozenset({"structures", "capital", "crypto"})
#: Step of losses → the largest loss of a bad year, a ratio.
BEARABLE: Mapping[int, float] = {1: 0.0, 2: 0.05, 3: 0.10, 4: 0.20, 5: 0.35, 6: 1.0}
#: A horizon of the profile → its last month, None where there is none.
LAST_MONTH: Mapping[str, int | None] = {"MOINS_1": 12, "DE_1_A_3": 36, "DE_3_A_5": 60, "DE_5_A_8": 96, "PLUS_8": None}
_NO_PROFILE = "Sans profil investisseur, cette règle ne peut pas être vérifiée."
_NO_ALLOCATION = "Aucune allocation n'est choisie\u202f: cette règle ne peut pas être vérifiée."


def every(profile: Established | None, plan: Plan, scales: Scales) -> tuple[Rule, ...]:
    """All of them, in the order in which they are read."""
    made: tuple[tuple[str, str, str, Callable[[Established, Plan, Scales], Rule]], ...] = (
        ("risque", "Risque", SUITABILITY, risk), ("connaissance", "Connaissance des placements", KNOWLEDGE, knowledge),
        ("pertes", "Capacité à subir des pertes", SUITABILITY, losses), ("horizon", "Horizon", SUITABILITY, horizon),
        ("durabilite", "Durabilité", GREEN, durability),
        ("marche_cible", "Marché cible des supports", target_market.SOURCE, target_market.rule),
    )  # fmt: skip
    found = [profile_rule(profile, plan)]
    for key, label, source, of in made:
        if profile is None or not plan.pieces:
            found.append(Rule(key, label, UNKNOWN, _NO_PROFILE if profile is None else _NO_ALLOCATION, source))
        else:
            found.append(of(profile, plan, scales))
    return tuple(found)


def profile_rule(profile: Established | None, plan: Plan) -> Rule:
    """Whether there is a profile, and whether it still holds."""
    label = "Profil investisseur"
    if profile is None:
        text = "Aucun profil n'est établi\u202f: sans ces informations, aucun conseil ne peut être donné."
        return Rule("profil", label, BLOCK, text, SUITABILITY)
    named = _named(profile)
    if profile.valid_until < plan.on:
        text = f"Le profil {named} a expiré le {day(profile.valid_until)}\u202f: renouvelez-le avant de conseiller."
        return Rule("profil", label, WARN, text, SUITABILITY)
    text = f"Profil {named} du {day(profile.established_on)}, valable jusqu'au {day(profile.valid_until)}."
    return Rule("profil", label, OK, text, SUITABILITY)


def risk(profile: Established, plan: Plan, scales: Scales) -> Rule:
    """The allocation's volatility beside that of what suits the level; the SRI of each support beside the house's scale."""
    key, label = "risque", "Risque"
    most = suitability.HIGHEST.get(profile.level, 7)
    above = tuple(
        f"{one.label}\u202f: SRI {one.sri}, au-dessus de {most} pour ce profil" for one in plan.pieces if (one.sri or 0) > most
    )
    own = projection.volatility(plan.weights, scales.supposed)
    limit = scales.targets.limit(profile.level, scales.supposed)
    if own is None or limit is None:
        lacking = [CLASSES.get(code, "non renseignée") for code in plan.weights if _silent(code, scales)]
        which = ", ".join(lacking).lower() or "allocation du profil"
        text = f"La volatilité n'est pas supposée connue de chaque classe ({which})."
        return Rule(key, label, UNKNOWN, text, SUITABILITY, above)
    level = scales.targets.suits(own, scales.supposed)
    said = (
        f"Volatilité supposée {number(own * 100, 1)}\u00a0%, limite {number(limit * 100, 1)}\u00a0% pour {_named(profile)}."
    )
    if own > limit:
        suits = f"elle va avec «\u202f{LEVELS[level]}\u202f»" if level else "elle ne va avec aucun profil"
        return Rule(key, label, BLOCK, f"L'allocation est trop risquée\u202f: {suits}. {said}", SUITABILITY, above)
    if above:
        return Rule(key, label, WARN, f"L'ensemble va avec le profil, pas chaque support. {said}", SUITABILITY, above)
    return Rule(key, label, OK, f"L'allocation ne dépasse pas le risque du profil. {said}", SUITABILITY)


def knowledge(profile: Established, plan: Plan, scales: Scales) -> Rule:
    """Each placement is one that the investor knows."""
    key, label, score = "connaissance", "Connaissance des placements", profile.score
    if score is None:
        text = "Les réponses du questionnaire n'ont pas été gardées\u202f: la connaissance ne peut plus être relue."
        return Rule(key, label, UNKNOWN, text, KNOWLEDGE)
    mastered = {one.key: one for one in score.instruments}
    verdicts, lines = [OK], []
    for one in plan.pieces:
        kinds = _placements(one)
        if kinds is None:
            verdicts.append(UNKNOWN)
            lines.append(f"{one.label}\u202f: le questionnaire ne porte pas sur ce placement")
        for kind in kinds or ():
            known = mastered.get(kind)
            if known is None:
                verdicts.append(UNKNOWN)
                lines.append(f"{one.label}\u202f: connaissance non demandée")
            elif known.level == "NOVICE":
                verdicts.append(BLOCK if kind in HARD else WARN)
                because = known.because[:1].lower() + known.because[1:].rstrip(".")
                lines.append(f"{one.label}\u202f: {known.label}, {because}")
    verdict = worst(verdicts)
    texts = {
        OK: "Chaque placement est connu du client, question réussie.",
        WARN: "Des placements ne sont pas connus du client\u202f: expliquez-les avant tout conseil, et gardez-en la trace.",
        UNKNOWN: "La connaissance de certains placements n'est pas établie.",
        BLOCK: "Des placements complexes ou bloqués ne sont pas connus du client.",
    }  # fmt: skip
    return Rule(key, label, verdict, texts[verdict], KNOWLEDGE, tuple(dict.fromkeys(lines)))


def losses(profile: Established, plan: Plan, scales: Scales) -> Rule:
    """The loss of one year in twenty beside what may be lost."""
    key, label = "pertes", "Capacité à subir des pertes"
    of = projection.market(plan.weights, scales.supposed)
    bearable = LOSSES.get(profile.loss, str(profile.loss)).lower()
    if of is None or profile.loss not in BEARABLE:
        text = f"Perte supportable\u202f: {bearable}. Celle d'une mauvaise année n'est pas supposée connue de chaque classe."
        return Rule(key, label, UNKNOWN, text, SUITABILITY)
    worst_year = projection.bad_year(of)
    lost = f"{number(worst_year * 100, 1)}\u00a0% une année sur vingt, au moins"
    said = lost if worst_year else "aucune, dix-neuf années sur vingt"
    text = f"Perte supposée\u202f: {said}. Perte supportable\u202f: {bearable}."
    fits = float(worst_year) <= BEARABLE[profile.loss]
    return Rule(key, label, OK if fits else BLOCK, text, SUITABILITY)


def horizon(profile: Established, plan: Plan, scales: Scales) -> Rule:
    """The project lasts as long as each support's holding period asks; no longer than the profile says."""
    key, label = "horizon", "Horizon"
    verdicts, lines = [OK], []
    for one in plan.pieces:
        told = one.facts.get("holding_period", "")
        months = target_market.months_of(told) if told else None
        if told and months is None:
            verdicts.append(UNKNOWN)
            lines.append(f"{one.label}\u202f: durée conseillée «\u202f{told}\u202f», non comparable")
        elif months is not None and months > plan.months:
            verdicts.append(BLOCK)
            lines.append(f"{one.label}\u202f: durée de détention conseillée {told}, selon le producteur")
        elif months is None:
            supposed = scales.supposed.classes.get(one.asset_class)
            if supposed is None:
                verdicts.append(UNKNOWN)
                lines.append(f"{one.label}\u202f: durée de détention conseillée non connue")
            elif supposed.holding * 12 > plan.months:
                verdicts.append(WARN)
                lines.append(f"{one.label}\u202f: {supposed.holding} ans conseillés, repère de la maison")
    last = LAST_MONTH.get(profile.horizon)
    if last is not None and plan.months > last:
        verdicts.append(WARN)
        lines.append(f"Le profil prévoit «\u202f{HORIZONS[profile.horizon].lower()}\u202f»\u202f: le projet dure plus longtemps")
    verdict, said = worst(verdicts), f"Durée du projet\u202f: {duration(plan.months)}."
    texts = {
        OK: "Elle couvre les durées de détention conseillées.", WARN: "À expliquer au client.",
        UNKNOWN: "Une durée de détention conseillée n'est pas connue.",
        BLOCK: "Elle est plus courte que la durée de détention conseillée d'un support.",
    }  # fmt: skip
    return Rule(key, label, verdict, f"{said} {texts[verdict]}", SUITABILITY, tuple(lines))


def durability(profile: Established, plan: Plan, scales: Scales) -> Rule:
    """What was asked for in matters of durability, beside the SFDR article of each support."""
    key, label = "durabilite", "Durabilité"
    if profile.esg == "NEUTRE":
        return Rule(key, label, OK, "Le client n'a pas exprimé de préférence\u202f: tout produit peut être proposé.", GREEN)
    if profile.esg == "ADAPTEES":
        text = "Le client a adapté ses préférences\u202f: sa raison est gardée avec son profil. Rappelez-la dans le conseil."
        return Rule(key, label, WARN, text, GREEN)
    if not any(one.type for one in plan.pieces):
        text = "L'allocation est par classe\u202f: les préférences du client se vérifient support par support."
        return Rule(key, label, UNKNOWN, text, GREEN)
    against = tuple(f"{one.label}\u202f: article 6" for one in plan.pieces if one.facts.get("sfdr") == "ART6")
    silent = tuple(f"{one.label}\u202f: classement SFDR non connu" for one in plan.pieces if one.facts.get("sfdr", "NA") == "NA")
    if against:
        text = "Des supports ne prennent aucun engagement de durabilité, alors que le client a exprimé des préférences."
        return Rule(key, label, BLOCK, text, GREEN, (*against, *silent))
    text = "La part durable de chaque support n'est pas connue ici\u202f: vérifiez-la dans ses documents."
    return Rule(key, label, UNKNOWN, text, GREEN, silent)


def duration(months: int) -> str:
    """«8 ans et 3 mois»."""
    years, rest = divmod(months, 12)
    told = [f"{years} an{'s' if years > 1 else ''}"] if years else []
    return " et ".join([*told, *([f"{rest} mois"] if rest or not years else [])])


def _named(profile: Established) -> str:
    return f"«\u202f{profile.level_label}\u202f»"


def _placements(one: Piece) -> tuple[str, ...] | None:
    """What it takes to know; None where the questionnaire has no question on it."""
    if one.type in suitability.PLACEMENTS:
        return (suitability.PLACEMENTS[one.type],)
    return KNOWN_BY.get(one.asset_class)


def _silent(code: str, scales: Scales) -> bool:
    found = scales.supposed.classes.get(code)
    return found is None or found.volatility is None
