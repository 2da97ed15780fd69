"""Every screen: its route, how to come to it, who for; a GET route that is neither here nor in `NO_SCREEN` fails a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.stage import Stage


@dataclass(frozen=True)
class Screen:
    """One page. `path` has names of `Book` between braces; `opens`: accessible names of menus to open one after another."""

    name: str
    endpoint: str
    path: str
    opens: tuple[str, ...] = ()
    #: Only where the cabinet has a partner's mandate: elsewhere the page says that there is none.
    partner: bool = False
    #: Its address asks for what cannot be given: 422, and the page says why.
    refused: bool = False


#: The steps of an investor's questionnaire, of the contact at hand.
PROJECTS = "/p/conformite/contacts/{of_project}/projets"
QUESTIONS = "/p/conformite/contacts/{contact}/profil/questionnaire"
SCREENS = (
    Screen("accueil", "shell.home", "/"),
    Screen("contacts", "p_contacts.index", "/p/contacts/", opens=("Menu rapide", "menu de")),
    Screen("contacts, rien trouvé", "p_contacts.index", "/p/contacts/?q=personne-de-ce-nom"),
    Screen("contacts, dernière page", "p_contacts.index", "/p/contacts/?page=99&taille=200"),
    Screen("contacts, foyers", "p_contacts.index", "/p/contacts/?nature=FOYER"),
    Screen("nouveau contact", "p_contacts.new", "/p/contacts/nouveau"),
    Screen("dossier, général", "p_contacts.contact", "/p/contacts/{contact}", opens=("Tout parcourir",)),
    Screen("dossier, société", "p_contacts.contact", "/p/contacts/{company}"),
    Screen("dossier, foyer", "p_contacts.contact", "/p/contacts/{household}"),
    Screen("dossier, modifier", "p_contacts.edit", "/p/contacts/{contact}/modifier"),
    Screen("dossier, historique", "p_contacts.history", "/p/contacts/{contact}/historique"),
    Screen("coordonnées", "p_contacts.channels", "/p/contacts/{contact}/coordonnees"),
    Screen("coordonnées, ajouter", "p_contacts.channel_add", "/p/contacts/{contact}/coordonnees/bank/ajouter"),
    Screen("coordonnées, modifier", "p_contacts.channel_change", "/p/contacts/{of_channel}/coordonnees/phone/{channel}"),
    Screen("dossier, numéro client", "p_contacts.number_add", "/p/contacts/{contact}/numeros/ajouter"),
    Screen("dossier, archiver", "p_contacts.archive", "/p/contacts/{contact}/archiver"),
    Screen("contacts, champs du cabinet", "p_contacts.settings", "/p/contacts/reglages/champs"),
    Screen("contacts, catégories", "p_contacts.settings", "/p/contacts/reglages/categories"),
    Screen("contacts, étiquettes", "p_contacts.settings", "/p/contacts/reglages/etiquettes"),
    Screen("contacts, nouveau champ", "p_contacts.setting_new", "/p/contacts/reglages/champs/nouveau"),
    Screen("contacts, ordre des catégories", "p_contacts.setting_order", "/p/contacts/reglages/categories/ordre"),
    Screen("contacts, une étiquette", "p_contacts.setting", "/p/contacts/reglages/etiquettes/{label}"),
    Screen("contacts, fusion d'étiquettes", "p_contacts.setting_merge", "/p/contacts/reglages/etiquettes/{label}/fusionner"),
    Screen("relations", "p_contacts.relations", "/p/contacts/{of_relation}/relations"),
    Screen("relations d'une société", "p_contacts.relations", "/p/contacts/{of_shares}/relations"),
    Screen("relations, un groupe", "p_contacts.relations", "/p/contacts/{of_relation}/relations?groupe=famille"),
    Screen("foyer", "p_contacts.relations", "/p/contacts/{household}/relations"),
    Screen("foyer, ajouter un membre", "p_contacts.member_add", "/p/contacts/{household}/foyer/ajouter"),
    Screen("conjoint", "p_contacts.spouse", "/p/contacts/{of_relation}/conjoint"),
    Screen("conjoint, société", "p_contacts.spouse", "/p/contacts/{company}/conjoint"),
    Screen("conjoint, ajouter", "p_contacts.spouse_new", "/p/contacts/{contact}/relations/nouveau-conjoint"),
    Screen("enfant, ajouter", "p_contacts.child_new", "/p/contacts/{contact}/relations/nouvel-enfant"),
    Screen("relation, ajouter", "p_contacts.relation_add", "/p/contacts/{contact}/relations/ajouter?lien=ASSOCIE"),
    Screen("relation, modifier", "p_contacts.relation_change", "/p/contacts/{of_relation}/relations/{relation}"),
    Screen("relation, terminer", "p_contacts.relation_end", "/p/contacts/{of_relation}/relations/{relation}/fin"),
    Screen("doublons", "p_contacts.twins", "/p/contacts/doublons"),
    Screen("fusionner deux dossiers", "p_contacts.merge", "/p/contacts/fusion?garder={contact}&fusionner={twin}"),
    Screen("fusionner avec", "p_contacts.merge_with", "/p/contacts/{contact}/fusionner?q=durand"),
    Screen("localiser un contact", "p_contacts.map", "/p/contacts/carte?contact={contact}&km=20"),
    Screen("localiser, lieu inconnu", "p_contacts.map", "/p/contacts/carte?lieu=Nullepart"),
    Screen("adresses à placer", "p_contacts.map_doubts", "/p/contacts/carte/a-placer"),
    Screen("position d'une adresse", "p_contacts.place", "/p/contacts/{contact}/adresses/{address}/position"),
    Screen("documents", "p_ged.documents", "/p/ged/contacts/{of_paper}/documents"),
    Screen("documents, aucun", "p_ged.documents", "/p/ged/contacts/{company}/documents"),
    Screen("documents, supprimés", "p_ged.documents", "/p/ged/contacts/{of_paper}/documents?etat=deleted"),
    Screen("document", "p_ged.document", "/p/ged/contacts/{of_paper}/documents/{paper}"),
    Screen("document, ajouter", "p_ged.document_new", "/p/ged/contacts/{of_paper}/documents/ajouter"),
    Screen("document, modifier", "p_ged.document_edit", "/p/ged/contacts/{of_paper}/documents/{paper}/modifier"),
    Screen("document, version", "p_ged.document_version", "/p/ged/contacts/{of_paper}/documents/{paper}/version"),
    Screen("recherche de documents", "p_ged.search", "/p/ged/recherche?q=identite"),
    Screen("recherche de documents, vide", "p_ged.search", "/p/ged/recherche"),
    Screen("documents internes", "p_ged.internal", "/p/ged/internes"),
    Screen("document interne", "p_ged.internal_paper", "/p/ged/internes/{internal}"),
    Screen("document interne, ajouter", "p_ged.internal_new", "/p/ged/internes/ajouter"),
    Screen("documents des compagnies", "p_ged.shelves", "/p/ged/references"),
    Screen("documents des supports", "p_ged.shelves", "/p/ged/references?type=support"),
    Screen("documents d'un support", "p_ged.shelf_documents", "/p/ged/references/supports/{of_shelf}/documents"),
    Screen("documents d'un support, aucun", "p_ged.shelf_documents", "/p/ged/references/supports/{support}/documents"),
    Screen("document d'un support", "p_ged.shelf_document", "/p/ged/references/supports/{of_shelf}/documents/{shelved}"),
    Screen(
        "document d'un support, ajouter", "p_ged.shelf_document_new", "/p/ged/references/supports/{of_shelf}/documents/ajouter"
    ),
    Screen(
        "document d'un support, modifier", "p_ged.shelf_document_edit",
        "/p/ged/references/supports/{of_shelf}/documents/{shelved}/modifier",
    ),
    Screen(
        "document d'un support, version", "p_ged.shelf_document_version",
        "/p/ged/references/supports/{of_shelf}/documents/{shelved}/version",
    ),
    Screen("catégories de documents", "p_ged.categories", "/p/ged/categories"),
    Screen("catégorie de documents, nouvelle", "p_ged.category_new", "/p/ged/categories/nouvelle"),
    Screen(
        "catégorie de documents, modifier", "p_ged.category_edit", "/p/ged/categories/{category}/modifier"
    ),
    Screen("document interne, version", "p_ged.internal_version", "/p/ged/internes/{internal}/version"),
    Screen("conformité", "p_conformite.index", "/p/conformite/"),
    Screen("conformité, expirés", "p_conformite.index", "/p/conformite/?situation=EXPIRE"),
    Screen("profil investisseur", "p_conformite.profile", "/p/conformite/contacts/{profiled}/profil"),
    Screen("profil investisseur, rien d'établi", "p_conformite.profile", "/p/conformite/contacts/{twin}/profil"),
    Screen("profil investisseur d'un foyer", "p_conformite.profile", "/p/conformite/contacts/{household}/profil"),
    Screen("profil investisseur passé", "p_conformite.profile_past", "/p/conformite/contacts/{profiled}/profil/passe/{past}"),
    Screen("espace documents", "p_conformite.papers", "/p/conformite/contacts/{papered}/documents"),
    Screen("espace documents, rien de produit", "p_conformite.papers", "/p/conformite/contacts/{twin}/documents"),
    Screen("espace documents d'un foyer", "p_conformite.papers", "/p/conformite/contacts/{household}/documents"),
    Screen("document à produire", "p_conformite.paper_make", "/p/conformite/contacts/{papered}/documents/LETTRE_MISSION"),
    Screen("document à produire, sans profil", "p_conformite.paper_make", "/p/conformite/contacts/{twin}/documents/ADEQUATION"),
    Screen("document signé sur papier", "p_conformite.paper_file", "/p/conformite/contacts/{papered}/documents/DER/signe"),
    Screen("modèles de documents", "p_conformite.templates", "/p/conformite/modeles"),
    Screen("modèle de document", "p_conformite.template", "/p/conformite/modeles/DER"),
    Screen("modèle de document, nouvelle version", "p_conformite.template_new", "/p/conformite/modeles/DER/nouveau"),
    Screen("questionnaire", "p_conformite.profile_step", f"{QUESTIONS}/situation"),
    Screen("questionnaire, placements", "p_conformite.profile_step", f"{QUESTIONS}/connaissance"),
    Screen("allocation", "p_conformite.allocation", "/p/conformite/contacts/{profiled}/allocation"),
    Screen("allocation, sans profil", "p_conformite.allocation", "/p/conformite/contacts/{twin}/allocation"),
    Screen("allocation d'un foyer", "p_conformite.allocation", "/p/conformite/contacts/{household}/allocation"),
    Screen("allocations cibles", "p_conformite.targets", "/p/conformite/allocations"),
    Screen("allocations cibles, modifier", "p_conformite.targets_edit", "/p/conformite/allocations/modifier"),
    Screen("projets", "p_conformite.projects", PROJECTS),
    Screen("projets, aucun", "p_conformite.projects", "/p/conformite/contacts/{twin}/projets"),
    Screen("projets d'un foyer", "p_conformite.projects", "/p/conformite/contacts/{household}/projets"),
    Screen("projet", "p_conformite.project", f"{PROJECTS}/{{project}}"),
    Screen("projet, rachat total", "p_conformite.project", "/p/conformite/contacts/{of_surrender}/projets/{surrender}"),
    Screen("projet, ajouter", "p_conformite.project_new", "/p/conformite/contacts/{contact}/projets/nouveau"),
    Screen("projet, modifier", "p_conformite.project_edit", f"{PROJECTS}/{{project}}/modifier"),
    Screen("questionnaire, résultat", "p_conformite.profile_establish", "/p/conformite/contacts/{contact}/profil/etablir"),
    Screen("cartographie des vigilances", "p_conformite.vigilance_map", "/p/conformite/vigilance"),
    Screen("vigilances en retard", "p_conformite.vigilance_map", "/p/conformite/vigilance?vue=EN_RETARD"),
    Screen("vigilance", "p_conformite.vigilance", "/p/conformite/contacts/{watched}/vigilance"),
    Screen("vigilance, jamais évaluée", "p_conformite.vigilance", "/p/conformite/contacts/{unwatched}/vigilance"),
    Screen("vigilance d'un foyer", "p_conformite.vigilance", "/p/conformite/contacts/{household}/vigilance"),
    Screen(
        "vigilance passée", "p_conformite.vigilance_past", "/p/conformite/contacts/{watched}/vigilance/evaluations/{assessment}"
    ),
    Screen("vigilance, évaluer", "p_conformite.vigilance_assess", "/p/conformite/contacts/{contact}/vigilance/evaluer"),
    Screen("vigilance d'une société", "p_conformite.vigilance_assess", "/p/conformite/contacts/{company}/vigilance/evaluer"),
    Screen(
        "opération, évaluer", "p_conformite.operation_new", "/p/conformite/contacts/{contact}/vigilance/operations/nouvelle"
    ),
    Screen(
        "opération évaluée", "p_conformite.operation",
        "/p/conformite/contacts/{of_operation}/vigilance/operations/{operation}",
    ),
    Screen("notes de soupçon", "p_conformite.suspicions", "/p/conformite/contacts/{contact}/vigilance/soupcons"),
    Screen("listes de pays", "p_conformite.country_lists", "/p/conformite/vigilance/listes"),
    Screen("listes de pays, importer", "p_conformite.country_list_new", "/p/conformite/vigilance/listes/importer"),
    Screen("fiscalité", "p_fiscalite.taxes", "/p/fiscalite/contacts/{household}"),
    Screen("fiscalité, rien de saisi", "p_fiscalite.taxes", "/p/fiscalite/contacts/{contact}?annee=2023"),
    Screen("fiscalité, société", "p_fiscalite.taxes", "/p/fiscalite/contacts/{company}"),
    Screen("fiscalité, saisie", "p_fiscalite.declare", "/p/fiscalite/contacts/{household}/2025/saisie"),
    Screen("fiscalité, et si", "p_fiscalite.what_if", "/p/fiscalite/contacts/{household}/2025/et-si"),
    Screen("portefeuille d'un client", "p_portefeuille.portfolio", "/p/portefeuille/contacts/{contact}"),
    Screen("situation", "p_portefeuille.situation", "/p/portefeuille/contacts/{household}/situation"),
    Screen("situation, une tranche", "p_portefeuille.situation", "/p/portefeuille/contacts/{contact}/situation?par=compagnie"),
    Screen("audit", "p_portefeuille.audit", "/p/portefeuille/contacts/{household}/audit"),
    Screen("audit, date passée", "p_portefeuille.audit", "/p/portefeuille/contacts/{contact}/audit?au=01/01/2001"),
    Screen("relevé", "p_portefeuille.statement", "/p/portefeuille/contacts/{household}/releve"),
    Screen(
        "relevé, date sans valeur", "p_portefeuille.statement",
        "/p/portefeuille/contacts/{contact}/releve?au=01/01/2001&periode=annee", refused=True,
    ),
    Screen("lots de relevés", "p_portefeuille.statement_batches", "/p/portefeuille/releves"),
    Screen(
        "relevés de plusieurs contacts", "p_portefeuille.statement_batch_new", "/p/portefeuille/releves/nouveau?ids={contact}",
    ),
    Screen("comptes d'un client", "p_portefeuille.contact_accounts", "/p/portefeuille/contacts/{contact}/comptes"),
    Screen("comptes", "p_portefeuille.accounts_list", "/p/portefeuille/comptes"),
    Screen("comptes, rien trouvé", "p_portefeuille.accounts_list", "/p/portefeuille/comptes?q=personne-de-ce-nom"),
    Screen("comptes, clos", "p_portefeuille.accounts_list", "/p/portefeuille/comptes?etat=clos"),
    Screen("compte, synthèse", "p_portefeuille.account", "/p/portefeuille/comptes/{account}", opens=("Actions Nominéo",)),
    Screen("compte, nouveau", "p_portefeuille.account_new", "/p/portefeuille/comptes/nouveau?contact={contact}"),
    Screen("compte, modifier", "p_portefeuille.account_edit", "/p/portefeuille/comptes/{by_hand}/modifier"),
    Screen("compte agrégé, modifier", "p_portefeuille.account_edit", "/p/portefeuille/comptes/{account}/modifier"),
    Screen("compte, corriger", "p_portefeuille.account_correct", "/p/portefeuille/comptes/{fed}/champs/opened_on/corriger"),
    Screen("compte, personnes", "p_portefeuille.account_people", "/p/portefeuille/comptes/{account}/personnes"),
    Screen("compte, état", "p_portefeuille.account_state", "/p/portefeuille/comptes/{account}/etat"),
    Screen("compte, historique", "p_portefeuille.account_history", "/p/portefeuille/comptes/{account}/historique"),
    Screen("compte, valorisation", "p_portefeuille.account_value", "/p/portefeuille/comptes/{by_hand}/valorisations/ajouter"),
    Screen("compte, lignes", "p_portefeuille.account_lines", "/p/portefeuille/comptes/{by_hand}/supports/saisir"),
    Screen("compte, mouvement", "p_portefeuille.account_movement", "/p/portefeuille/comptes/{by_hand}/mouvements/ajouter"),
    Screen("compte, acte à saisir", "p_portefeuille.typed_new", "/p/portefeuille/comptes/{of_typed}/actes/frais"),
    Screen("acte préparé", "p_portefeuille.typed_act", "/p/portefeuille/actes/{typed}"),
    Screen("acte, modifier", "p_portefeuille.typed_edit", "/p/portefeuille/actes/{typed}/modifier"),
    Screen("compte, supports", "p_portefeuille.account_supports", "/p/portefeuille/comptes/{account}/supports"),
    Screen("compte, performance", "p_portefeuille.account_performance", "/p/portefeuille/comptes/{account}/performance"),
    Screen(
        "performance d'un foyer", "p_portefeuille.contact_performance",
        "/p/portefeuille/contacts/{household}/performance?periode=3a",
    ),
    Screen("compte, mouvements", "p_portefeuille.account_movements", "/p/portefeuille/comptes/{account}/mouvements"),
    Screen("actes programmés", "p_portefeuille.plans", "/p/portefeuille/programmes"),
    Screen("compte, actes programmés", "p_portefeuille.account_plans", "/p/portefeuille/comptes/{of_plan}/programmes"),
    Screen("acte à programmer", "p_portefeuille.plan_new", "/p/portefeuille/comptes/{of_plan}/programmes/rachat_partiel"),
    Screen("acte programmé", "p_portefeuille.plan", "/p/portefeuille/programmes/{plan}"),
    Screen("acte programmé, modifier", "p_portefeuille.plan_edit", "/p/portefeuille/programmes/{plan}/modifier"),
    Screen("compte, rapprochement", "p_portefeuille.account_matches", "/p/portefeuille/comptes/{fed}/rapprochement"),
    Screen(
        "compte, transactions", "p_portefeuille.account_transactions", "/p/portefeuille/comptes/{account}/transactions",
        opens=("Ajouter",),
    ),
    Screen("actes chez le partenaire", "links.actions", "/liens/nomineo/comptes/{account}/actes", partner=True),
    Screen("bilan", "p_patrimoine.balance", "/p/patrimoine/contacts/{household}/bilan"),
    Screen("bilan, société", "p_patrimoine.balance", "/p/patrimoine/contacts/{company}/bilan"),
    Screen("bilan, date passée", "p_patrimoine.balance", "/p/patrimoine/contacts/{borrower}/bilan?au=01/01/2025"),
    Screen("actifs", "p_patrimoine.assets", "/p/patrimoine/contacts/{landlord}/actifs"),
    Screen("actifs, aucun", "p_patrimoine.assets", "/p/patrimoine/contacts/{company}/actifs"),
    Screen("actif", "p_patrimoine.asset", "/p/patrimoine/contacts/{landlord}/actifs/{asset}"),
    Screen("actif, nouveau", "p_patrimoine.asset_new", "/p/patrimoine/contacts/{landlord}/actifs/nouveau"),
    Screen("actif, modifier", "p_patrimoine.asset_edit", "/p/patrimoine/contacts/{landlord}/actifs/{asset}/modifier"),
    Screen("actif, sortir", "p_patrimoine.asset_dispose", "/p/patrimoine/contacts/{landlord}/actifs/{asset}/ceder"),
    Screen("actif, valeur", "p_patrimoine.asset_value", "/p/patrimoine/contacts/{landlord}/actifs/{asset}/valeurs/ajouter"),
    Screen("location, nouvelle", "p_patrimoine.rent_new", "/p/patrimoine/contacts/{landlord}/actifs/{asset}/loyers/ajouter"),
    Screen("location", "p_patrimoine.rent_edit", "/p/patrimoine/contacts/{landlord}/actifs/{asset}/loyers/{rent}/modifier"),
    Screen("biens immobiliers", "p_patrimoine.properties", "/p/patrimoine/contacts/{landlord}/immobilier"),
    Screen("passifs", "p_patrimoine.debts", "/p/patrimoine/contacts/{owing}/passifs"),
    Screen("dette", "p_patrimoine.debt", "/p/patrimoine/contacts/{owing}/passifs/{debt}"),
    Screen("dette, nouvelle", "p_patrimoine.debt_new", "/p/patrimoine/contacts/{owing}/passifs/nouveau"),
    Screen("dette, modifier", "p_patrimoine.debt_edit", "/p/patrimoine/contacts/{owing}/passifs/{debt}/modifier"),
    Screen("dette, solder", "p_patrimoine.debt_settle", "/p/patrimoine/contacts/{owing}/passifs/{debt}/solder"),
    Screen("prêts, nantissements", "p_patrimoine.loans", "/p/patrimoine/contacts/{borrower}/prets"),
    Screen("prêts, aucun", "p_patrimoine.loans", "/p/patrimoine/contacts/{company}/prets"),
    Screen("prêt", "p_patrimoine.loan", "/p/patrimoine/contacts/{borrower}/prets/{loan}"),
    Screen(
        "prêt, remboursement envisagé", "p_patrimoine.loan",
        "/p/patrimoine/contacts/{borrower}/prets/{loan}?montant=10000&date=05/01/2028&ensuite=DUREE",
    ),
    Screen("prêt, nouveau", "p_patrimoine.loan_new", "/p/patrimoine/contacts/{borrower}/prets/nouveau"),
    Screen("prêt, modifier", "p_patrimoine.loan_edit", "/p/patrimoine/contacts/{borrower}/prets/{loan}/modifier"),
    Screen("prêt, clôturer", "p_patrimoine.loan_close", "/p/patrimoine/contacts/{borrower}/prets/{loan}/cloturer"),
    Screen("prêt, événement", "p_patrimoine.loan_event", "/p/patrimoine/contacts/{borrower}/prets/{loan}/evenements/ajouter"),
    Screen("nantissement, nouveau", "p_patrimoine.pledge_new", "/p/patrimoine/contacts/{borrower}/nantissements/nouveau"),
    Screen(
        "nantissement, accord", "p_patrimoine.pledge_agree",
        "/p/patrimoine/contacts/{borrower}/nantissements/{pledge}/accord",
    ),
    Screen(
        "nantissement, mainlevée", "p_patrimoine.pledge_release",
        "/p/patrimoine/contacts/{borrower}/nantissements/{pledge}/mainlevee",
    ),
    Screen("budget d'une personne", "p_patrimoine.budget", "/p/patrimoine/contacts/{borrower}/budget"),
    Screen("budget, autre date", "p_patrimoine.budget", "/p/patrimoine/contacts/{borrower}/budget?au=31/12/2020"),
    Screen("budget d'un foyer", "p_patrimoine.budget", "/p/patrimoine/contacts/{household}/budget"),
    Screen("budget, société", "p_patrimoine.budget", "/p/patrimoine/contacts/{company}/budget"),
    Screen("budget, ajouter", "p_patrimoine.budget_new", "/p/patrimoine/contacts/{borrower}/budget/ajouter?sorte=REVENU"),
    Screen("budget, saisie rapide", "p_patrimoine.budget_quick", "/p/patrimoine/contacts/{borrower}/budget/saisie-rapide"),
    Screen("budget, modifier", "p_patrimoine.budget_edit", "/p/patrimoine/contacts/{of_line}/budget/{line}/modifier"),
    Screen("supports", "p_outils.index", "/p/outils/"),
    Screen("supports, filtrés", "p_outils.index", "/p/outils/?type=OPCVM&sri=4&tri=sri"),
    Screen("supports, ISIN faux", "p_outils.index", "/p/outils/?q=FR0010135104"),
    Screen("comparer, rien", "p_outils.compare", "/p/outils/comparer"),
    Screen("comparer", "p_outils.compare", "/p/outils/comparer?s={support}"),
    Screen("support", "p_outils.support", "/p/outils/supports/{support}"),
    Screen("support, nouveau", "p_outils.support_new", "/p/outils/supports/nouveau?q=FR0010135103"),
    Screen("support, modifier", "p_outils.support_edit", "/p/outils/supports/{support}/modifier"),
    Screen("gammes", "p_outils.ranges", "/p/outils/gammes"),
    Screen("gamme, nouvelle", "p_outils.range_new", "/p/outils/gammes/nouvelle"),
    Screen("modèles", "p_outils.models", "/p/outils/modeles"),
    Screen("modèle, nouveau", "p_outils.model_new", "/p/outils/modeles/nouveau"),
    Screen("modèle", "p_outils.model", "/p/outils/modeles/{model}"),
    Screen("modèle, modifier", "p_outils.model_edit", "/p/outils/modeles/{model}/modifier"),
    Screen("modèle, versions", "p_outils.model_versions", "/p/outils/modeles/{model}/versions"),
    Screen("modèle, rattacher des comptes", "p_outils.model_accounts", "/p/outils/modeles/{model}/comptes"),
    Screen("comptes suivis", "p_outils.model_followers", "/p/outils/modeles/suivi"),
    Screen("compte, son modèle", "p_outils.account_model", "/p/outils/comptes/{follower}/modele"),
    Screen("arbitrages", "p_outils.runs", "/p/outils/arbitrages"),
    Screen("arbitrages, nouveau lot", "p_outils.run_new", "/p/outils/arbitrages/nouveau?suit={model}"),
    Screen("lot d'arbitrages", "p_outils.run", "/p/outils/arbitrages/{run}"),
    Screen("lot d'arbitrages, un compte", "p_outils.proposal", "/p/outils/arbitrages/{run}/{proposal}"),
    Screen("optimiser un modèle", "p_outils.optimisation_new", "/p/outils/modeles/{model}/optimiser"),
    Screen("optimisations", "p_outils.optimisations", "/p/outils/modeles/{model}/optimisations"),
    Screen("optimisation", "p_outils.optimisation", "/p/outils/optimisations/{optimisation}"),
    Screen("favoris", "p_outils.favourites", "/p/outils/favoris"),
    Screen("supports, fichiers", "p_outils.support_files", "/p/outils/supports/fichiers"),
    Screen("support, cours", "p_outils.support_price", "/p/outils/supports/{support}/cours/saisir"),
    Screen("recherche", "search.index", "/recherche?q=durand"),
    Screen("recherche, rien", "search.index", "/recherche?q=zzzzzzzz"),
    Screen("notifications", "notifications.index", "/notifications", opens=("Notifications",)),
    Screen("notifications, aucune de sécurité", "notifications.index", "/notifications?etat=non-lues&type=securite"),
    Screen("ma fiche", "profile.index", "/mon-compte/fiche"),
    Screen("aide", "help.index", "/aide"),
    Screen("aide, trouvé", "help.index", "/aide?q=mandat"),
    Screen("aide, rien trouvé", "help.index", "/aide?q=mandarine"),
    Screen("aide, chapitre", "help.chapter", "/aide/rechercher"),
    Screen("aide, tutoriel", "help.tutorial", "/aide/tutoriels/ajouter-un-contact"),
    Screen("aide, raccourcis", "help.shortcuts", "/aide/raccourcis"),
    Screen("document", "documents.preview", "/documents/{document}", partner=True),
    Screen("données personnelles", "privacy.show", "/contacts/{contact}/donnees"),
    Screen("dossier de preuve", "proofs.show", "/contacts/{contact}/preuve"),
    Screen("signatures", "signatures.index", "/signatures"),
    Screen("faire signer", "signing.new", "/documents/{document}/signature", partner=True),
    Screen("coordonnées, ordonner", "p_contacts.channel_order", "/p/contacts/{of_channel}/coordonnees/phone/ordre"),
    Screen("contacts, filtre illisible", "p_contacts.index", "/p/contacts/?encours=abc"),
    Screen("flux", "p_aggregation.index", "/p/aggregation/"),
    Screen("flux, un fichier", "p_aggregation.file", "/p/aggregation/fichiers/{feed}"),
    Screen("flux, rattacher", "p_aggregation.link", "/p/aggregation/comptes/{feed_account}?q=durand"),
    Screen("provenance", "p_aggregation.origin", "/p/aggregation/provenance/{account}"),
    Screen("imports", "imports.index", "/imports"),
    Screen("importer, fichier", "imports.new", "/imports/nouveau/contacts"),
    Screen("importer des portefeuilles, fichier", "imports.new", "/imports/nouveau/accounts"),
    Screen("contacts, vues", "p_contacts.index_views", "/p/contacts/liste/vues?liste=type%3DCLIENT"),
    Screen("ma photo", "photos.edit", "/mon-compte/fiche/photo"),
    Screen("supports, vues", "p_outils.index_views", "/p/outils/liste/vues"),
    Screen("comptes, vues", "p_portefeuille.accounts_list_views", "/p/portefeuille/comptes/liste/vues"),
    Screen("guide de style, listes", "styleguide.list", "/styleguide/listes?categorie=Client&minimum=abc"),
    Screen("mon compte", "account.index", "/mon-compte"),
    Screen("mot de passe", "account.password", "/mon-compte/mot-de-passe"),
    Screen("jetons d'accès", "tokens.index", "/mon-compte/jetons"),
    Screen("nouveau jeton", "tokens.new", "/mon-compte/jetons/nouveau"),
    Screen("référence de l'API", "api_docs.index", "/api/docs"),
    Screen("référence de l'API, une ressource", "api_docs.resource", "/api/docs/transactions"),
    Screen("activation", "p_nomineo.activation", "/p/nomineo/activation"),
    Screen("mandat, remplir", "p_nomineo.fill", "/p/nomineo/activation/remplir", partner=True),
    Screen("mandat, transmettre", "p_nomineo.dispatch", "/p/nomineo/activation/transmettre", partner=True),
    Screen("mandat, réception", "p_nomineo.reception", "/p/nomineo/activation/reception", partner=True),
    Screen("mandat, activation", "p_nomineo.confirm", "/p/nomineo/activation/confirmer", partner=True),
    Screen("conseillers habilités", "p_nomineo.advisers", "/p/nomineo/conseillers"),
    Screen("modules et partenaires", "administration.modules", "/administration/modules"),
    Screen("un module", "administration.module", "/administration/modules/nomineo"),
    Screen("réglages du partenaire", "administration.settings", "/administration/modules/nomineo/reglages"),
    Screen("nom et coordonnées", "administration.identity", "/administration/cabinet"),
    Screen("apparence", "administration.appearance", "/administration/apparence"),
    Screen("utilisateurs", "administration.people", "/administration/utilisateurs"),
    Screen("utilisateurs, rien trouvé", "administration.people", "/administration/utilisateurs?q=personne-de-ce-nom"),
    Screen("une personne de plus", "administration.person_new", "/administration/utilisateurs/nouveau"),
    Screen("une personne", "administration.person", "/administration/utilisateurs/{user}"),
    Screen("profils et droits", "administration.profiles", "/administration/profils"),
    Screen("profils, différence", "administration.profiles", "/administration/profils?profil=CONSEILLER&avec=LECTEUR"),
    Screen("un profil de plus", "administration.profile_new", "/administration/profils/nouveau?modele=CONSEILLER"),
    Screen("un profil", "administration.profile", "/administration/profils/{profile}"),
    Screen("agences", "administration.agencies", "/administration/agences"),
    Screen("une agence de plus", "administration.agency_new", "/administration/agences/nouvelle"),
    Screen("une agence", "administration.agency", "/administration/agences/{agency}"),
    Screen("sécurité", "administration.security", "/administration/securite"),
    Screen("journal d'audit", "administration.journal", "/administration/journal"),
    Screen("journal, rien trouvé", "administration.journal", "/administration/journal?q=personne-de-ce-nom&du=abc"),
    Screen("une entrée du journal", "administration.journal_entry", "/administration/journal/{entry}"),
    Screen("vérification du journal", "administration.journal_check", "/administration/journal/verification"),
    Screen("services", "services.index", "/services"),
    Screen("services, rien trouvé", "services.index", "/services?q=zzzz"),
    Screen("mes réglages d'un module", "services.module", "/services/modules/portefeuille"),
    Screen("espace abonnement", "subscription.index", "/abonnement"),
    Screen("guide de style", "styleguide.index", "/styleguide"),
    Screen("guide de style, erreurs", "styleguide.index", "/styleguide?erreurs=1&filtre=non"),
    Screen("page introuvable", "", "/introuvable"),
)  # fmt: skip

#: Before any sign-in.
PUBLIC = (
    Screen("connexion", "auth.sign_in", "/connexion"),
    Screen("mot de passe oublié", "auth_reset.forgotten", "/mot-de-passe/oublie"),
    Screen("nouveau mot de passe", "auth_reset.choose", "/mot-de-passe/nouveau?jeton=x"),
)

#: GET routes that show no screen of their own, and why.
NO_SCREEN: Mapping[str, str] = {
    "static_files": "file", "theme_files": "file", "p_nomineo.document": "file", "p_nomineo.blank": "file",
    "p_outils.prices_image": "image", "p_outils.compare_image": "image",
    "p_patrimoine.loan_sheet": "file", "p_ged.documents_archive": "file", "p_ged.shelf_documents_archive": "file",
    "p_portefeuille.statement_file": "file",
    "p_portefeuille.statement_batch_file": "file", "p_portefeuille.statement_batch_status": "fragment",
    "p_portefeuille.statement_send": "tests/plugins/portefeuille/test_statement_sending.py",
    "p_portefeuille.statement_batch_send": "tests/plugins/portefeuille/test_statement_sending.py",
    "p_portefeuille.statement_batch": "tests/plugins/portefeuille/test_statement_batches.py", "p_patrimoine.item": "redirect",
    "p_fiscalite.result": "fragment of the taxes", "p_conformite.template_preview": "file",
    "api_docs.document": "JSON",
    "photos.show": "image", "look.logo": "image", "administration.appearance_sheet": "image",
    "administration.appearance_contrast": "fragment of the colours",
    "healthz": "JSON", "metrics": "text", "live": "JSON", "live_stream": "stream",
    "account.session_left": "JSON", "search.group": "fragment of the search", "p_portefeuille.transaction_history": "fragment",
    "p_portefeuille.transaction_status": "fragment", "p_portefeuille.operations": "fragment", "links.types": "fragment",
    "links.return_status": "fragment", "journeys.status": "fragment",
    "p_aggregation.file_status": "fragment", "p_aggregation.sources": "fragment",
    "imports.columns": "test_imports", "imports.show": "test_imports", "imports.status": "fragment",
    "p_outils.range_edit": "as p_outils.range_new", "p_outils.optimisation_version": "as p_outils.model_edit",
    "p_outils.optimisation_status": "fragment",
    **{f"p_outils.{name}_views": "that of the list of supports" for name in ("model_followers", "model_accounts", "run")},
    "imports.errors_file": "file", "p_outils.support_file": "tests/plugins/outils/test_files.py",
    "journeys.show": "test_native_journey", "journeys.step": "test_native_journey",
    "p_contacts.merge_undo": "tests/plugins/contacts/test_merging.py",
    "signing.show": "tests/core/signing", "signing.here": "tests/core/signing",
    "signing.on_paper": "tests/core/signing", "signature.enter": "redirect",
    "signature.read": "tests/core/signing", "signature.page": "image", "signature.download": "file",
    "styleguide.list_views": "redirect", "documents.page": "image", "documents.download": "file",
    "notifications.latest": "fragment of the bell, open above",
    "p_portefeuille.account_movements_views": "that of the list of accounts",
    "p_portefeuille.account_transactions_views": "that of the list of accounts",
    "p_portefeuille.home": "redirect", "p_nomineo.home": "redirect", "administration.index": "redirect",
    "plp.authorize": "redirect", "plp.configuration": "JSON",
    "plp.saml_metadata": "XML", "plp.saml_sso": "test_saml",
    "plp.jwks": "JSON", "plp.keys_statement": "JWT", "plp.hook": "machine",
    "links.launched": "test_the_pages_of_a_launch", "links.returned": "test_the_pages_of_a_launch",
    "auth_step.code": "test_own_security", "auth_step.enrol": "test_own_security", "auth_step.recovery": "test_own_security",
    "administration.people_views": "that of the list of contacts", "administration.journal_views": "that of the list of contacts",
    "account.factor": "test_own_security", "account.factor_codes": "test_own_security",
    "account.factor_remove": "test_own_security",
}  # fmt: skip


#: Walked apart, each well below the time that a test may take: a plugin's pages, or all that are of none of these.
PARTS = ("p_contacts", "p_portefeuille", "p_patrimoine", "p_outils", "p_conformite", "")


def of_part(part: str) -> tuple[Screen, ...]:
    """The screens of one of `PARTS`."""
    return tuple(one for one in SCREENS if (owner if (owner := one.endpoint.split(".")[0]) in PARTS else "") == part)


class Book(dict[str, str]):
    """What a cabinet has for the table's names; one that it lacks is missing, and its screens with it."""

    def __init__(self, stage: Stage, slug: str, number: str = "", name: str = "") -> None:
        super().__init__()
        cabinet = stage.rows("SELECT id FROM cabinet WHERE slug = ?", slug)[0][0]

        def one(key: str, sql: str, *more: str) -> None:
            rows = stage.rows(sql, cabinet, *more)
            if rows:
                self[key] = rows[0][0]

        kind = "SELECT id FROM contact WHERE cabinet_id = ? AND kind = ? AND display_name LIKE ? ORDER BY id"
        one("contact", kind, "PERSONNE_PHYSIQUE", f"{name}%")
        one("company", kind, "PERSONNE_MORALE", "%")
        one("household", kind, "FOYER", "%")
        one("account", "SELECT id FROM account WHERE cabinet_id = ? AND number LIKE ? ORDER BY id", f"{number}%")
        one("fed", "SELECT id FROM account WHERE cabinet_id = ? AND origin <> 'MANUEL' ORDER BY id")
        one("by_hand", "SELECT id FROM account WHERE cabinet_id = ? AND origin = 'MANUEL' ORDER BY id")
        acts = "SELECT id FROM \"transaction\" WHERE cabinet_id = ? AND origin = 'SAISIE' AND status = 'initiated' ORDER BY id"
        one("typed", acts)
        one("of_typed", acts.replace("SELECT id", "SELECT account_id"))
        one("plan", "SELECT id FROM portefeuille_plan WHERE cabinet_id = ? ORDER BY id")
        one("of_plan", "SELECT account_id FROM portefeuille_plan WHERE cabinet_id = ? ORDER BY id")
        one("support", "SELECT support_id FROM position WHERE cabinet_id = ? ORDER BY value DESC NULLS LAST")
        one("model", "SELECT id FROM outils_model WHERE cabinet_id = ? ORDER BY id")
        one("follower", "SELECT account_id FROM outils_model_follower WHERE cabinet_id = ? ORDER BY id")
        one("run", "SELECT run_id FROM outils_proposal WHERE cabinet_id = ? AND state = 'todo' ORDER BY id")
        one("proposal", "SELECT id FROM outils_proposal WHERE cabinet_id = ? AND state = 'todo' ORDER BY id")
        one("optimisation", "SELECT id FROM outils_optimisation WHERE cabinet_id = ? ORDER BY id")
        one("feed", "SELECT id FROM aggregation_file WHERE cabinet_id = ? ORDER BY id")
        one("feed_account", "SELECT id FROM aggregation_account WHERE cabinet_id = ? ORDER BY state, id")
        one("channel", "SELECT id FROM contact_phone WHERE cabinet_id = ? ORDER BY id")
        one("user", "SELECT id FROM user_login WHERE cabinet_id = ? ORDER BY id DESC")
        one("label", "SELECT id FROM contact_label WHERE cabinet_id = ? ORDER BY id")
        one("agency", "SELECT id FROM agency WHERE cabinet_id = ? ORDER BY id")
        one("profile", "SELECT id FROM profile WHERE cabinet_id = ? ORDER BY id")
        one("entry", "SELECT id FROM audit_entry WHERE cabinet_id = ? ORDER BY seq DESC")
        one("document", "SELECT id FROM document WHERE cabinet_id = ? ORDER BY id")
        filed = "FROM document WHERE cabinet_id = ? AND owner_kind = 'contact' AND category = 'CNI' ORDER BY id"
        one("paper", f"SELECT id {filed}")
        one("internal", "SELECT id FROM document WHERE cabinet_id = ? AND owner_kind = 'cabinet' ORDER BY id")
        one("of_paper", f"SELECT owner_id {filed}")
        one("category", "SELECT id FROM document_category WHERE cabinet_id = ? ORDER BY id")
        shelved = "FROM document WHERE cabinet_id = ? AND owner_kind = 'support' ORDER BY id"
        one("shelved", f"SELECT id {shelved}")
        one("of_shelf", f"SELECT owner_id {shelved}")
        union = "FROM contact_relation WHERE cabinet_id = ? AND kind = 'CONJOINT' AND until IS NULL ORDER BY id"
        one("relation", f"SELECT id {union}")
        one("of_relation", f"SELECT a_id {union}")
        one("of_shares", "SELECT b_id FROM contact_relation WHERE cabinet_id = ? AND kind = 'ASSOCIE' ORDER BY id")
        other = "SELECT id FROM contact WHERE cabinet_id = ? AND kind = 'PERSONNE_PHYSIQUE' AND id <> ? ORDER BY id DESC"
        one("twin", other, self.get("contact", ""))
        one("address", "SELECT id FROM contact_address WHERE cabinet_id = ? AND contact_id = ?", self.get("contact", ""))
        pledged = "SELECT {} FROM patrimoine_pledge AS p JOIN patrimoine_loan_borrower AS b ON b.loan_id = p.loan_id"
        for key, column in (("loan", "p.loan_id"), ("pledge", "p.id"), ("borrower", "b.contact_id")):
            one(key, f"{pledged.format(column)} WHERE p.cabinet_id = ? ORDER BY p.id")
        let = "SELECT {} FROM patrimoine_asset_rent AS r JOIN patrimoine_asset_owner AS o ON o.asset_id = r.asset_id"
        for key, column in (("asset", "r.asset_id"), ("rent", "r.id"), ("landlord", "o.contact_id")):
            one(key, f"{let.format(column)} WHERE r.cabinet_id = ? ORDER BY r.id, o.id")
        one("debt", "SELECT debt_id FROM patrimoine_debt_owner WHERE cabinet_id = ? ORDER BY debt_id, id")
        one("owing", "SELECT contact_id FROM patrimoine_debt_owner WHERE cabinet_id = ? ORDER BY debt_id, id")
        one("line", "SELECT id FROM patrimoine_budget_line WHERE cabinet_id = ? ORDER BY id")
        one("of_line", "SELECT contact_id FROM patrimoine_budget_line WHERE cabinet_id = ? ORDER BY id")
        one("past", "SELECT id FROM conformite_profile WHERE cabinet_id = ? ORDER BY id")
        one("papered", "SELECT contact_id FROM conformite_paper WHERE cabinet_id = ? ORDER BY id")
        one("profiled", "SELECT contact_id FROM conformite_profile WHERE cabinet_id = ? ORDER BY id")
        one("assessment", "SELECT id FROM conformite_vigilance WHERE cabinet_id = ? ORDER BY id")
        one("watched", "SELECT contact_id FROM conformite_vigilance WHERE cabinet_id = ? ORDER BY id")
        never = "NOT EXISTS (SELECT 1 FROM conformite_vigilance AS v WHERE v.contact_id = contact.id)"
        one("unwatched", " AND ".join(("SELECT id FROM contact WHERE cabinet_id = ?", "kind = 'PERSONNE_PHYSIQUE'", never)))
        one("operation", "SELECT id FROM conformite_operation WHERE cabinet_id = ? ORDER BY id")
        one("of_operation", "SELECT contact_id FROM conformite_operation WHERE cabinet_id = ? ORDER BY id")
        surrenders = "FROM conformite_project WHERE cabinet_id = ? AND kind = 'RACHAT_TOTAL' ORDER BY id"
        for key, column in (("surrender", "id"), ("of_surrender", "contact_id")):
            one(key, f"SELECT {column} {surrenders}")
        projects = "FROM conformite_project WHERE cabinet_id = ? AND kind = 'INVESTISSEMENT' AND archived_at IS NULL ORDER BY id"
        for key, column in (("project", "id"), ("of_project", "contact_id")):
            one(key, f"SELECT {column} {projects}")
        one("of_channel", "SELECT contact_id FROM contact_phone WHERE cabinet_id = ? ORDER BY id")

    def path(self, screen: Screen) -> str | None:
        """The screen's address here; None where the cabinet has nothing to show on it."""
        try:
            return screen.path.format_map(self)
        except KeyError:
            return None
