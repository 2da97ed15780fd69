"""Every envelope of domain.md §2.2: code and French label, in the order in which lists show them."""

from __future__ import annotations

ENVELOPES: dict[str, str] = {
    "ASSURANCE_VIE": "Assurance-vie",
    "CAPITALISATION": "Contrat de capitalisation",
    "PER_INDIVIDUEL": "PER individuel",
    "PER_COLLECTIF": "PER collectif",
    "PER_OBLIGATOIRE": "PER obligatoire",
    "PERP": "PERP",
    "MADELIN": "Madelin",
    "ARTICLE_83": "Article 83",
    "PREFON": "Préfon",
    "PEA": "PEA",
    "PEA_JEUNE": "PEA jeune",
    "PEA_PME": "PEA-PME",
    "COMPTE_TITRES": "Compte-titres",
    "SCPI": "SCPI",
    "FCPI": "FCPI",
    "FIP": "FIP",
    "FCPR": "FCPR",
    "FPCI": "FPCI",
    "GFI": "Groupement forestier d'investissement",
    "GFF": "Groupement foncier forestier",
    "CLUB_DEAL": "Club deal",
    "CROWDFUNDING": "Financement participatif",
    "PEE": "PEE",
    "PEI": "PEI",
    "PERCO": "PERCO",
    "PARTICIPATION": "Participation",
    "LIVRET_A": "Livret A",
    "LDDS": "LDDS",
    "LEP": "LEP",
    "LIVRET_JEUNE": "Livret jeune",
    "LIVRET_BANCAIRE": "Livret bancaire",
    "CEL": "CEL",
    "PEL": "PEL",
    "CAT": "Compte à terme",
    "COMPTE_COURANT": "Compte courant",
    "COMPTE_JOINT": "Compte joint",
    "CARTE": "Carte",
    "PRET": "Prêt",
    "PREVOYANCE": "Prévoyance",
    "TONTINE": "Tontine",
    "CRYPTO": "Cryptoactifs",
    "OR": "Or",
    "AUTRE_ACTIF": "Autre actif",
}

#: Who a contact is on an account (domain.md §2.2), with the French label.
ROLES: dict[str, str] = {
    "SOUSCRIPTEUR": "Souscripteur",
    "CO_SOUSCRIPTEUR": "Co-souscripteur",
    "ASSURE": "Assuré",
    "TITULAIRE": "Titulaire",
    "CO_TITULAIRE": "Co-titulaire",
    "BENEFICIAIRE": "Bénéficiaire",
    "MANDATAIRE": "Mandataire",
    "NU_PROPRIETAIRE": "Nu-propriétaire",
    "USUFRUITIER": "Usufruitier",
    "CREANCIER_NANTI": "Créancier nanti",
}

#: Roles that make an account appear in a contact's portfolio.
HOLDING_ROLES = ("SOUSCRIPTEUR", "CO_SOUSCRIPTEUR", "TITULAIRE", "CO_TITULAIRE", "NU_PROPRIETAIRE", "USUFRUITIER")

STATES: dict[str, str] = {
    "EN_SOUSCRIPTION": "En souscription",
    "OUVERT": "Ouvert",
    "REDUIT": "Réduit",
    "EN_COURS_DE_RACHAT": "En cours de rachat",
    "CLOTURE": "Clôturé",
    "DENOUE_DECES": "Dénoué par décès",
    "TRANSFERE": "Transféré",
}
#: States in which nothing can be done on an account any more.
ENDED_STATES = ("CLOTURE", "DENOUE_DECES", "TRANSFERE")

MANAGEMENT_MODES: dict[str, str] = {
    "LIBRE": "Libre",
    "PILOTEE": "Pilotée",
    "PROFILEE": "Profilée",
    "SOUS_MANDAT": "Sous mandat",
    "HORIZON": "Horizon",
    "MIXTE": "Mixte",
}
ORIGINS: dict[str, str] = {"AGREGE": "Agrégé", "IMPORT_FICHIER": "Import de fichier", "MANUEL": "Saisie ici"}
FRESHNESSES = ("A_JOUR", "ANCIEN", "EN_ERREUR", "JAMAIS")
#: How gains are taxed when money comes out, where a choice was made (CGI art. 200 A).
TAX_OPTIONS: dict[str, str] = {"PFU": "Prélèvement forfaitaire", "BAREME": "Barème progressif"}
#: Which death ends a contract that two people subscribed (domain.md §2.1).
SETTLEMENTS: dict[str, str] = {"PREMIER": "Au premier décès", "SECOND": "Au second décès"}
#: What a feed or a file says of an account, and a person corrects field by field only: field → its French name.
FED: dict[str, str] = {
    "envelope": "Enveloppe", "number": "Numéro", "title": "Intitulé", "company_id": "Compagnie", "product_id": "Produit",
    "state": "État", "opened_on": "Date de souscription", "currency": "Devise",
}  # fmt: skip
#: What a contract costs: field → its French name.
FEES: dict[str, str] = {
    "fee_entry": "Frais d'entrée", "fee_euro": "Frais de gestion, fonds en euros",
    "fee_units": "Frais de gestion, unités de compte",
    "fee_switch": "Frais d'arbitrage", "fee_exit": "Frais de sortie",
}  # fmt: skip
#: Envelopes without cash: what buys comes from outside, what they yield is paid to the holder.
CASHLESS = frozenset({"SCPI", "FCPI", "FIP", "FCPR", "FPCI", "GFI", "GFF", "CLUB_DEAL", "CROWDFUNDING"})
