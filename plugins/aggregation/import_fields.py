"""The fields that a file of portfolios may fill, and the heads that name them, as companies and platforms write them (AC-02)."""

from __future__ import annotations

from core.api import accounts
from core.api import supports
from core.api.imports import ImportField as F

ACCOUNT, HOLDER, SECOND, WORTH, HELD = "Compte", "Titulaire", "Co-titulaire", "Valorisation", "Positions"
#: What people write → our code, beside our own labels.
_ENVELOPES = {
    "AV": "ASSURANCE_VIE", "Assurance vie": "ASSURANCE_VIE", "Contrat d'assurance vie": "ASSURANCE_VIE",
    "Life insurance": "ASSURANCE_VIE", "LIFE_INSURANCE": "ASSURANCE_VIE", "Capi": "CAPITALISATION",
    "Capitalisation": "CAPITALISATION", "Capitalization": "CAPITALISATION", "PER": "PER_INDIVIDUEL", "PERIN": "PER_INDIVIDUEL",
    "PER individuel": "PER_INDIVIDUEL", "PERECO": "PER_COLLECTIF", "PERCOL": "PER_COLLECTIF", "PERO": "PER_OBLIGATOIRE",
    "PERCAT": "PER_OBLIGATOIRE", "Plan d'épargne en actions": "PEA", "PEA bancaire": "PEA", "CTO": "COMPTE_TITRES",
    "Compte titres": "COMPTE_TITRES", "Compte-titres ordinaire": "COMPTE_TITRES", "MARKET": "COMPTE_TITRES",
    "Parts de SCPI": "SCPI", "Crowdfunding": "CROWDFUNDING", "CROWDLENDING": "CROWDFUNDING", "RSP": "PARTICIPATION",
    "SAVINGS": "LIVRET_BANCAIRE", "Livret": "LIVRET_BANCAIRE", "CSL": "LIVRET_BANCAIRE", "LIVRET_B": "LIVRET_BANCAIRE",
    "CHECKING": "COMPTE_COURANT", "Compte chèque": "COMPTE_COURANT", "JOINT": "COMPTE_JOINT", "Compte à terme": "CAT",
    "Contrat Madelin": "MADELIN", "Retraite Madelin": "MADELIN",
}  # fmt: skip
_STATES = {
    "Ouvert": "OUVERT", "Actif": "OUVERT", "En cours": "OUVERT", "Active": "OUVERT", "Open": "OUVERT", "En vigueur": "OUVERT",
    "Clos": "CLOTURE", "Clôturé": "CLOTURE", "Fermé": "CLOTURE", "Résilié": "CLOTURE", "Racheté": "CLOTURE", "Closed": "CLOTURE",
    "Transféré": "TRANSFERE", "Décès": "DENOUE_DECES", "Dénoué": "DENOUE_DECES", "Réduit": "REDUIT",
}  # fmt: skip
_CURRENCIES = {code: code for code in ("EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK")}
_MONEY = {"€": "EUR", "Euro": "EUR", "Euros": "EUR", "$": "USD", "Dollar": "USD", "£": "GBP", "Franc suisse": "CHF"}
_TYPES = {
    "Fonds euros": "FONDS_EURO", "Fonds en euros": "FONDS_EURO", "Fonds euro": "FONDS_EURO", "Fonds": "OPCVM", "FCP": "OPCVM",
    "SICAV": "OPCVM", "UC": "OPCVM", "Unité de compte": "OPCVM", "Actions": "ACTION", "Obligations": "OBLIGATION",
    "Tracker": "ETF", "Produit structuré": "PRODUIT_STRUCTURE", "EMTN": "PRODUIT_STRUCTURE", "Liquidités": "LIQUIDITE",
    "Espèces": "LIQUIDITE",
}  # fmt: skip

FIELDS: tuple[F, ...] = (
    F("number", "Numéro de contrat", "text",
      ("N° de contrat", "N° contrat", "Numéro contrat", "Contrat n°", "Contrat", "Numéro de compte", "N° de compte", "N° compte",
       "Compte", "Police", "N° police", "Numéro", "Référence du contrat", "Contract number", "Account number"), group=ACCOUNT),
    F("company", "Compagnie", "text",
      ("Partenaire", "Assureur", "Établissement", "Teneur de compte", "Dépositaire", "Société", "Fournisseur", "Company",
       "Insurer", "Provider"), group=ACCOUNT, constant=True),
    F("envelope", "Enveloppe", "code",
      ("Type de contrat", "Type de compte", "Nature du contrat", "Nature", "Fiscalité", "Cadre fiscal", "Type", "Account type"),
      accounts.ENVELOPES, _ENVELOPES, ACCOUNT, constant=True),
    F("title", "Intitulé", "text",
      ("Produit", "Nom du contrat", "Nom du produit", "Libellé du contrat", "Libellé du compte", "Nom commercial",
       "Désignation", "Product", "Account name"), group=ACCOUNT),
    F("opened_on", "Ouvert le", "day",
      ("Date d'ouverture", "Date de souscription", "Souscrit le", "Date d'effet", "Date effet", "Ouverture", "Opened on"),
      group=ACCOUNT),
    F("state", "État du compte", "code", ("État", "Etat", "Statut", "Statut du contrat", "Situation", "Status"), accounts.STATES,
      _STATES, ACCOUNT),
    F("currency", "Devise", "code", ("Monnaie", "Currency", "Devise du contrat"), _CURRENCIES, _MONEY, ACCOUNT),
    F("holder_code", "Code dossier du titulaire", "text",
      ("Code dossier", "Code client", "N° client", "Numéro client", "Référence client", "ID client"), group=HOLDER),
    F("holder_name", "Nom du titulaire", "text",
      ("Titulaire", "Souscripteur", "Nom du souscripteur", "Nom", "Client", "Nom du client", "Nom client", "Adhérent",
       "Raison sociale", "Holder", "Last name"), group=HOLDER),
    F("holder_first_names", "Prénom du titulaire", "text",
      ("Prénom", "Prénoms", "Prénom du souscripteur", "Prénom du client", "Prénom client", "First name"), group=HOLDER),
    F("holder_birth_date", "Date de naissance du titulaire", "day",
      ("Date de naissance", "Né le", "Naissance", "Date de naissance du souscripteur", "DDN", "Birth date"), group=HOLDER),
    F("holder_siren", "SIREN du titulaire", "text", ("SIREN", "SIRET", "N° SIREN"), group=HOLDER),
    F("holder_id", "Identifiant Encours du titulaire", "text", ("Identifiant Encours", "contact_id"), group=HOLDER),
    F("co_code", "Code dossier du co-titulaire", "text", ("Code dossier 2", "Code client 2"), group=SECOND),
    F("co_name", "Nom du co-titulaire", "text",
      ("Co-titulaire", "Cotitulaire", "Co-souscripteur", "Cosouscripteur", "Nom du co-souscripteur", "Second titulaire",
       "Titulaire 2", "Nom 2"), group=SECOND),
    F("co_first_names", "Prénom du co-titulaire", "text", ("Prénom du co-souscripteur", "Prénom 2"), group=SECOND),
    F("co_birth_date", "Date de naissance du co-titulaire", "day", ("Date de naissance 2", "Naissance 2"), group=SECOND),
    F("value", "Valorisation du compte", "amount",
      ("Valorisation", "Valeur du contrat", "Valeur du compte", "Encours", "Épargne atteinte", "Montant total", "Valeur totale",
       "Valeur atteinte", "Solde", "Provision mathématique", "Total value", "Balance"), group=WORTH),
    F("value_on", "Date de valorisation", "day",
      ("Valorisé le", "Valorisation au", "Valeur au", "Date des valeurs", "Date de valeur", "Date valeur", "Date valorisation",
       "Date d'arrêté", "Arrêté au", "Données au", "Au",
       "Date", "Valuation date"), group=WORTH, constant=True),
    F("net_payments", "Versements nets", "amount",
      ("Cumul des versements", "Versements", "Cumul versements", "Primes nettes", "Versements cumulés", "Capital versé",
       "Montant investi", "Net payments"), group=WORTH),
    F("isin", "ISIN du support", "text", ("ISIN", "Code ISIN", "Isin code"), group=HELD),
    F("support_code", "Code du support", "text", ("Code support", "Code fonds", "Code interne", "Code AMF", "Ticker"),
      group=HELD),
    F("support", "Libellé du support", "text",
      ("Support", "Libellé support", "Fonds", "Nom du support", "Nom du fonds", "Unité de compte", "Libellé", "Security",
       "Fund name"), group=HELD),
    F("support_type", "Type de support", "code", ("Type support", "Classe d'actifs", "Catégorie du support"),
      supports.TYPE_LABELS, _TYPES, HELD),
    F("quantity", "Quantité", "amount", ("Nombre de parts", "Nb parts", "Parts", "Nombre d'UC", "Nb UC", "Units", "Quantity"),
      group=HELD),
    F("price", "Cours", "amount",
      ("Valeur liquidative", "VL", "Valeur de part", "Prix", "Cours unitaire", "Valeur unitaire", "Price", "Unit price"),
      group=HELD),
    F("position_value", "Valeur de la position", "amount",
      ("Valorisation du support", "Valorisation support", "Montant", "Montant du support", "Valeur du support",
       "Montant position", "Market value", "Amount"), group=HELD),
    F("price_on", "Date du cours", "day", ("Date VL", "Date de VL", "Date du prix", "Price date"), group=HELD),
    F("cost", "Prix de revient de la position", "amount", ("Prix de revient", "Montant investi sur le support", "Cost"),
      group=HELD),
)  # fmt: skip
#: Those that a line of an account repeats, or leaves to the first; the others are each position's own.
OF_ACCOUNT = tuple(one.key for one in FIELDS if one.group != HELD)
OF_POSITION = tuple(one.key for one in FIELDS if one.group == HELD)
LABELS = {one.key: str(one.label) for one in FIELDS}
