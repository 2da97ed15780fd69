"""The target market that a producer gives (EMT) beside who invests: N blocks, neutral warns, silence is said (CO-04). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.api import supports
from plugins.conformite import suitability
from plugins.conformite.profiles import Established
from plugins.conformite.projects.adequacy import BLOCK
from plugins.conformite.projects.adequacy import OK
from plugins.conformite.projects.adequacy import UNKNOWN
from plugins.conformite.projects.adequacy import WARN
from plugins.conformite.projects.adequacy import Piece
from plugins.conformite.projects.adequacy import Plan
from plugins.conformite.projects.adequacy import Rule
from plugins.conformite.projects.adequacy import Scales
from plugins.conformite.projects.adequacy import worst

SOURCE = "Directive 2014/65/UE, articles 16 (3) et 24 (2)\u202f; fichier EMT du producteur"
_OF_KNOWLEDGE: Mapping[str, str] = {"NOVICE": "basic", "INFORME": "informed", "EXPERT": "advanced"}
_OF_OBJECTIVE: Mapping[str, str] = {"PRESERVATION": "preservation", "CROISSANCE": "growth", "REVENUS": "income"}
#: EMT 05080, as `fact_keys` keeps it in words, and what people type: the months that are needed at least.
_WORDS: Mapping[str, int] = {"Moins d'un an": 0, "De 1 à 3 ans": 12, "De 3 à 5 ans": 36, "Plus de 5 ans": 60}
_TYPED = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?) ?(ans?|mois)")


def rule(profile: Established, plan: Plan, scales: Scales) -> Rule:
    """All supports, each against the client's kind, knowledge, losses, objective and tolerance."""
    key, label = "marche_cible", "Marché cible des supports"
    named = [one for one in plan.pieces if one.type]
    if not named:
        text = "L'allocation est par classe\u202f: le marché cible se vérifie support par support."
        return Rule(key, label, UNKNOWN, text, SOURCE)
    verdicts, lines = [OK], []
    for one in named:
        if one.type == "FONDS_EURO" and not _told(profile, one):
            continue  # part of the contract: its insurer gives no EMT for it
        for verdict, text in _faults(profile, one):
            verdicts.append(verdict)
            lines.append(f"{one.label}\u202f: {text}")
    verdict = worst(verdicts)
    texts = {
        OK: "Le client est dans le marché cible de chaque support, selon les producteurs.",
        WARN: "Des producteurs sont neutres sur ce client\u202f: expliquez pourquoi le support lui convient.",
        UNKNOWN: "Le marché cible de certains supports n'est pas connu\u202f: chargez leur fichier EMT, ou vérifiez-le.",
        BLOCK: "Le client est hors du marché cible d'un support.",
    }  # fmt: skip
    note = " Le client est supposé non professionnel." if verdict in (OK, WARN) else ""
    return Rule(key, label, verdict, texts[verdict] + note, SOURCE, tuple(lines))


def months_of(told: str) -> int | None:
    """The months of a holding period, in EMT's words or as people type it; None where it cannot be compared."""
    if told in _WORDS:
        return _WORDS[told]
    found = _TYPED.fullmatch(told.strip().lower())
    if found is None:
        return None
    count = float(found.group(1).replace(",", "."))
    return round(count * 12) if found.group(2).startswith("an") else round(count)


def _asked(profile: Established) -> tuple[str, ...]:
    loss = "no_loss" if profile.loss == 1 else "any_loss" if profile.loss == 6 else "limited_loss"
    return ("retail", _OF_KNOWLEDGE[profile.knowledge], loss, _OF_OBJECTIVE[profile.objective])


def _told(profile: Established, one: Piece) -> bool:
    return any(one.facts.get(code) for code in (*_asked(profile), "tolerance"))


def _faults(profile: Established, one: Piece) -> list[tuple[str, str]]:
    found, silent = [], []
    for code in _asked(profile):
        label = supports.fact_keys.KEYS[code].label
        word = label[:1].lower() + label[1:]
        told = one.facts.get(code, "")
        if told == "N":
            found.append((BLOCK, f"«\u202f{word}\u202f», non selon le producteur"))
        elif told == "Neutral":
            found.append((WARN, f"«\u202f{word}\u202f», neutre selon le producteur"))
        elif told != "Y":
            silent.append(word)
    tolerance, most = one.facts.get("tolerance", ""), suitability.HIGHEST.get(profile.level, 7)
    if tolerance.isascii() and tolerance.isdigit() and len(tolerance) == 1 and int(tolerance) > most:
        found.append((BLOCK, f"tolérance au risque demandée {tolerance} sur 7, {most} au plus pour ce profil"))
    if len(silent) == len(_asked(profile)):
        found.append((UNKNOWN, "marché cible non connu"))
    elif silent:
        found.append((UNKNOWN, f"non renseigné\u202f: {', '.join(silent)}"))
    return found
