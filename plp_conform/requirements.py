"""Each numbered line of PLP/1 (docs/protocol/plp-1.md): its level, whom it binds, what a black box does not show of it.

A line that binds a side has a check of that side, or a reason in `beyond` why none can be: a test holds that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plp_conform.model import OIDC
from plp_conform.model import SAML_IDP
from plp_conform.model import SAML_SP
from plp_conform.model import Level
from plp_conform.model import Side

_PARTNER, _PLATFORM, _BOTH = (Side.PARTNER,), (Side.PLATFORM,), (Side.PARTNER, Side.PLATFORM)
#: Lines with ‡: what a hostile counterpart will try.
_HOSTILE = frozenset({
    2, 3, 10, 13, 16, 17, 18, 21, 24, 36, 37, 38, 45, 48, 49, 60, 62, 63, 65, 66, 73, 74, 75, 77, 83, 86, 98, 100, 101, 103,
    116, 120, 121,
})  # fmt: skip

#: What Annex A puts in the place of: the exchange of code and tokens.
_OIDC_ONLY = frozenset({*range(55, 58), *range(63, 71), *range(72, 77)})


@dataclass(frozen=True, slots=True)
class Requirement:
    """`beyond`: side → what its checks do not show; where it has none, why. `bindings`: those that it is about; empty: all."""

    id: str
    title: str
    level: Level
    hostile: bool
    binds: tuple[Side, ...]
    beyond: Mapping[Side, str]
    bindings: tuple[str, ...] = ()


def _level(number: int) -> Level:
    """§1 to 4 and 8: Core; §5, §6 and Annex A: Launch; §7: Feedback."""
    if 44 <= number <= 83 or number >= 114:
        return Level.LAUNCH
    return Level.FEEDBACK if 84 <= number <= 106 else Level.CORE


_Row = tuple[int, str, tuple[Side, ...], str, str]
#: Number, title, who is bound, what is not shown of a partner, of a platform.
_ROWS: tuple[_Row, ...] = (
    (1, "Adresses de l'émetteur et du partenaire", _BOTH, "", ""),
    (2, "https, http sur une même machine seulement", _BOTH, "la version de TLS", "la version de TLS"),
    (3, "JSON strict, identity, membres inconnus ignorés", _BOTH, "", ""),
    (4, "Identifiants de 16 à 64 signes, comparés octet par octet", _BOTH, "l'aléa de ses identifiants", ""),
    (5, "Moments et montants", _BOTH, "", ""),
    (6, "Textes courts, sans HTML", _BOTH, "le choix de la langue", "la coupe des textes trop longs"),
    (7, "PLP-Version", _BOTH, "", ""),
    (8, "PLP-Interaction-Id", _BOTH, "ses journaux", "ses journaux"),
    (9, "Codes d'actes et statuts déclarés", _BOTH, "", ""),
    (10, "Un identifiant par conseiller et partenaire", _BOTH, "", "qu'il diffère d'un partenaire à l'autre"),
    (11, "Pas d'Idempotency-Key", _BOTH, "", ""),
    (12, "client_id et partner_id", _BOTH, "", "l'unicité du client_id entre cabinets"),
    (13, "Secret des notifications", _BOTH, "", "sa rotation, qui demande une seconde fiche"),
    (14, "Origines d'ouverture, fil, mandats manuels", _BOTH, "", "l'absence de lecture du fil, qui ne se constate pas"),
    (15, "Découverte", _BOTH, "", ""),
    (
        16,
        "Documents de clés",
        _BOTH,
        "les 24 h du dernier bon document",
        "le refus d'un mauvais document, gardé 900 s en mémoire",
    ),
    (17, "Clés de confiance", _BOTH, "", ""),
    (18, "Déclaration de rotation", _BOTH, "", "les déclarations de la plateforme, qu'elle seule décide"),
    (19, "Adresse des déclarations", _BOTH, "", ""),
    (20, "Délais d'une rotation", _BOTH, "les délais de 24 h et 7 jours", "les délais de 24 h et 7 jours"),
    (21, "Code à usage unique", _BOTH, "", "les 30 jours et les cinq essais, qui fermeraient le mandat"),
    (22, "Déclarations d'une demande signée", _BOTH, "", ""),
    (23, "sub selon l'opération", _BOTH, "", ""),
    (24, "Ordre des contrôles", _PARTNER, "", ""),
    (25, "Adresse et méthode", _PARTNER, "", ""),
    (26, "Taille du corps", _PARTNER, "", ""),
    (27, "Version", _PARTNER, "", ""),
    (28, "Type et codage du corps", _PARTNER, "", ""),
    (29, "En-tête du jeton", _BOTH, "", ""),
    (30, "Émetteur connu", _BOTH, "", ""),
    (31, "Signature", _BOTH, "", ""),
    (32, "Horodatage, tolérance de 30 s", _BOTH, "", ""),
    (33, "Types, destinataire, méthode, adresse, corps, jti", _BOTH, "", ""),
    (34, "Mandat, conseiller, droit", _PARTNER, "", ""),
    (35, "Corps", _PARTNER, "", ""),
    (36, "jti une seule fois", _BOTH, "le registre plein", ""),
    (37, "PUT du mandat", _BOTH, "", ""),
    (38, "Versions du mandat", _BOTH, "", "l'envoi à chaque changement de conseiller ou de clé"),
    (39, "GET du mandat", _BOTH, "", "une lecture par jour\u202f: le banc ne dure pas un jour"),
    (40, "Droits", _BOTH, "", ""),
    (41, "Ce que le partenaire dit du mandat", _BOTH, "", ""),
    (42, "Mandat utilisable", _BOTH, "", ""),
    (43, "Révocation", _BOTH, "", "la révocation par le cabinet, et ses 90 jours"),
    (44, "La liste est celle du partenaire", _BOTH, "", ""),
    (45, "États d'un acte", _BOTH, "", ""),
    (46, "Limites et motifs", _BOTH, "", "l'usage des limites"),
    (47, "Codes de motifs", _BOTH, "", ""),
    (48, "Refus de toute la demande", _BOTH, "", ""),
    (49, "Réponses hostiles", _BOTH, "", ""),
    (50, "Fraîcheur", _BOTH, "", "la mémoire de 60 s est permise, non exigée\u202f: rien n'en est dû à un instant donné"),
    (51, "Ce qui compte pour «\u202fmême nature en cours\u202f»", _PARTNER, "", ""),
    (52, "Un vrai formulaire", _PLATFORM, "", ""),
    (53, "Création de l'ouverture", _PLATFORM, "", "l'unique transaction de base de données"),
    (54, "Page de passage", _PLATFORM, "", "le script et son BroadcastChannel"),
    (55, "initiate", _PARTNER, "", ""),
    (56, "authorize", _PLATFORM, "", ""),
    (57, "callback et jeton", _BOTH, "", ""),
    (58, "Réévaluation et page de l'acte", _PARTNER, "", ""),
    (59, "Validation", _PARTNER, "le geste de validation dans ses pages", ""),
    (60, "Politique de la page de passage", _PLATFORM, "", "le comportement d'un navigateur"),
    (61, "Protection du formulaire", _PLATFORM, "", ""),
    (62, "Paramètres d'initiate", _BOTH, "", ""),
    (63, "Un cookie par ouverture", _PARTNER, "", ""),
    (64, "Paramètres d'authorize", _BOTH, "", ""),
    (65, "Ordre à authorize, consommation unique", _PLATFORM, "", "l'expiration de 120 s"),
    (66, "iss dans chaque réponse", _BOTH, "", ""),
    (67, "login_required", _BOTH, "", ""),
    (68, "access_denied", _BOTH, "", "l'expiration de 120 s"),
    (69, "invalid_request", _PLATFORM, "", ""),
    (70, "temporarily_unavailable", _PLATFORM, "", "la surcharge ne se provoque pas de l'extérieur sans nuire"),
    (71, "Page d'erreur du partenaire", _PARTNER, "", ""),
    (72, "Demande de jeton", _BOTH, "", "l'expiration de 60 s"),
    (73, "Assertion du client", _BOTH, "", ""),
    (74, "Erreurs du jeton", _BOTH, "", "l'alerte"),
    (75, "Jeton d'identité", _BOTH, "", ""),
    (76, "Membres de plp", _BOTH, "", ""),
    (77, "Ce que le partenaire refuse", _BOTH, "mfa, si aucun de ses actes ne le demande", ""),
    (78, "Préremplissage", _BOTH, "l'affichage des instructions reprises", "il vient d'une saisie dans ses propres écrans"),
    (79, "Acte fermé entre-temps, abandon", _PARTNER, "", ""),
    (80, "Force d'authentification", _BOTH, "la durée de sa session", "la seconde authentification"),
    (81, "interaction_id de l'ouverture", _PARTNER, "ses pages d'erreur", ""),
    (82, "Retour", _BOTH, "", ""),
    (83, "Pas de numéro de contrat dans une adresse", _BOTH, "ses journaux", "ses journaux"),
    (84, "Types de notifications", _BOTH, "", ""),
    (85, "Instantané entier", _BOTH, "", ""),
    (86, "Statuts du fil", _BOTH, "", ""),
    (87, "Envoi et échelle de reprise", _PARTNER, "les 75 h de l'échelle, le délai de 20 s", ""),
    (88, "Adresse de notification", _PLATFORM, "", "l'adresse fermée (410)"),
    (89, "Taille et type", _PLATFORM, "", ""),
    (90, "Signature et heure", _BOTH, "", "le temps constant, le second secret"),
    (91, "Boîte de réception", _PLATFORM, "", "l'alerte"),
    (92, "Corps", _PLATFORM, "", ""),
    (93, "Triplet connu", _PLATFORM, "", "les plafonds de 1 000 et de 30 jours"),
    (94, "seq égal", _PLATFORM, "", "l'alerte"),
    (95, "seq plus petit", _PLATFORM, "", ""),
    (96, "État final", _PLATFORM, "", "l'alerte"),
    (97, "Application, trou", _PLATFORM, "", ""),
    (98, "Un refus ne laisse rien", _PLATFORM, "", "les 30 jours"),
    (99, "Même contenu", _BOTH, "", ""),
    (100, "Corrections", _BOTH, "", "l'alerte au conseiller"),
    (101, "Fil", _BOTH, "", ""),
    (102, "Curseur", _BOTH, "les 400 jours, le curseur échu (410)", ""),
    (103, "Le fil d'abord", _PARTNER, "", ""),
    (104, "Le fil suit les mêmes règles", _PLATFORM, "", "l'unique transaction de base de données"),
    (105, "Cadence de lecture", _PLATFORM, "", "des lectures espacées jusqu'à 90 jours"),
    (106, "Convergence après des pannes", _PLATFORM, "", "l'état local n'est visible que dans ses écrans"),
    (107, "Problèmes", _BOTH, "", ""),
    (108, "Reprises, délais", _BOTH, "", "les appels de fond, sur 75 h"),
    (109, "Disjoncteur", _PLATFORM, "", "une construction intérieure"),
    (110, "Écart d'horloge", _PLATFORM, "", "une alerte intérieure"),
    (111, "Secrets au repos", _PLATFORM, "", "sa base de données"),
    (112, "Portée de la preuve", _BOTH, "une règle de preuve, pas un échange", "une règle de preuve, pas un échange"),
    (113, "Cookies", _BOTH, "les ports de la démonstration", "les ports de la démonstration"),
    (
        114,
        "SAML\u202f: certificats des fiches, RSA de 3072 bits",
        _BOTH,
        "l'annonce 24 h avant l'usage",
        "l'annonce 24 h avant l'usage, les empreintes sur le papier",
    ),
    (115, "SAML\u202f: demande signée du partenaire (saml2-sp)", _BOTH, "", "les demandes signées par ecdsa-sha256"),
    (
        116,
        "SAML\u202f: réponses non demandées (saml2-idp)",
        _BOTH,
        "l'ouverture sous saml2-idp elle-même",
        "l'ouverture sous saml2-idp, que ce banc n'essaie pas encore",
    ),
    (117, "SAML\u202f: Response, une assertion signée, erreurs", _BOTH, "", "le comportement d'un navigateur"),
    (118, "SAML\u202f: sujet, conditions, authentification", _BOTH, "", "la classe mfa"),
    (119, "SAML\u202f: attributs", _BOTH, "", "prefill, qui vient d'une saisie dans ses propres écrans"),
    (120, "SAML\u202f: assertion chiffrée", _BOTH, "", "l'envoi en clair à qui n'a pas de certificat"),
    (121, "SAML\u202f: ce que le partenaire consomme et refuse", _PARTNER, "l'oubli d'un ID après son échéance", ""),
)


def _row(row: _Row) -> Requirement:
    number, title, binds, partner, platform = row
    beyond = {side: why for side, why in ((Side.PARTNER, partner), (Side.PLATFORM, platform)) if why and side in binds}
    bindings = (OIDC,) if number in _OIDC_ONLY else (SAML_SP, SAML_IDP) if number >= 114 else ()
    return Requirement(f"PLP-{number:03}", title, _level(number), number in _HOSTILE, binds, beyond, bindings)


REQUIREMENTS: Mapping[str, Requirement] = {made.id: made for made in map(_row, _ROWS)}
#: Not of this kit yet; named in each report.
LATER = "PLP-116, la liaison saml2-idp elle-même\u202f: non vérifiée, une étape à venir"
