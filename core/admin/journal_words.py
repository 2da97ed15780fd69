"""The journal in French: what was done, on what, by whom, and the names of what a line holds.

A test walks the product's calls of `audit.record` and refuses an action that has no words here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.accounts.envelopes import ROLES
from core.cabinets.permissions import LABELS as RIGHTS
from core.contacts.history import LABELS as CONTACT_FIELDS
from core.contacts.labels import COLORS
from core.contacts.relation_types import COUNSELS
from core.contacts.relation_types import FILIATIONS
from core.contacts.relation_types import KINDS as RELATIONS
from core.contacts.relation_types import RIGHTS as RIGHTS_HELD
from core.contacts.relation_types import ROLE_LABELS
from core.links.enrolments import LABELS as ENROLMENTS
from core.links.mandate_machine import EVENT_LABELS as MANDATE_EVENTS
from core.links.mandate_machine import LABELS as MANDATE_STATES
from core.supports.fact_keys import KEYS as SUPPORT_FACTS
from core.transactions.machine import LABELS as STATUSES


def _of_mandate(said: str) -> str:
    return said if "andat" in said else f"Mandat\u202f: {said[:1].lower()}{said[1:]}"


#: Family → its name, then each action's words: the subject stands beside them.
FAMILIES: dict[str, tuple[str, dict[str, str]]] = {
    "connexions": ("Connexions et sécurité", {
        "session.begun": "Connexion", "session.ended": "Déconnexion", "session.closed": "Sessions fermées",
        "session.refused": "Connexion refusée", "session.blocked": "Connexion bloquée quelques minutes, trop d'essais",
        "session.code_refused": "Code du second facteur refusé",
        "session.code_blocked": "Codes bloqués quelques minutes, trop d'essais",
        "second_factor.added": "Second facteur activé", "second_factor.removed": "Second facteur retiré",
        "second_factor.codes": "Codes de secours créés", "second_factor.recovery_used": "Code de secours utilisé",
        "user.password_changed": "Mot de passe changé", "user.reset_asked": "Nouveau mot de passe demandé",
        "user.reset_link": "Lien de nouveau mot de passe donné par l'opérateur",
        "token.made": "Jeton d'accès créé", "token.revoked": "Jeton d'accès révoqué",
        "vault.rotated": "Secrets protégés par une nouvelle clé",
    }),
    "cabinet": ("Cabinet, utilisateurs et droits", {
        "cabinet.added": "Cabinet créé", "cabinet.changed": "Nom ou coordonnées modifiés",
        "cabinet.brand": "Apparence modifiée",
        "cabinet.second_factor": "Exigence du second facteur changée", "demo.loaded": "Données de démonstration chargées",
        "user.added": "Personne ajoutée", "user.invited": "Invitation envoyée", "user.renamed": "Nom modifié",
        "user.profile": "Profil changé", "user.activated": "Accès rouvert", "user.deactivated": "Accès désactivé",
        "user.file_changed": "Fiche modifiée par la personne", "user.single_keys": "Raccourcis à une touche changés",
        "user.photo_changed": "Photo changée",
        "enrolment.changed": "Habilitation chez un partenaire changée",
        "profile.defined": "Profil créé ou modifié", "profile.removed": "Profil supprimé",
        "agency.added": "Agence créée", "agency.renamed": "Agence renommée", "agency.removed": "Agence supprimée",
        "agency.joined": "Personne ajoutée à l'agence", "agency.left": "Personne retirée de l'agence",
    }),
    "contacts": ("Contacts", {
        "contact.proof_made": "Dossier de preuve téléchargé", "contact.data_exported": "Copie des données personnelles faite",
        "contact.added": "Dossier créé", "contact.changed": "Dossier modifié", "contact.followed": "Suivi attribué",
        "contact.unfollowed": "Suivi retiré", "contact.channel_added": "Coordonnée ajoutée",
        "contact.channel_changed": "Coordonnée modifiée", "contact.channel_removed": "Coordonnée retirée",
        "contact.channel_restored": "Coordonnée rétablie", "contact.channels_ordered": "Coordonnées réordonnées",
        "contact.channel_verified": "Coordonnée vérifiée",
        "fiscalite.declared": "Données fiscales saisies", "fiscalite.compared": "Hypothèses fiscales comparées",
        "household.joined": "Membre ajouté au foyer", "household.left": "Membre retiré du foyer",
        "contact.custom_changed": "Champ du cabinet modifié", "contact.categorised": "Catégorie changée",
        "contact.labelled": "Étiquettes changées", "contact.number_added": "Numéro client ajouté",
        "contact.number_removed": "Numéro client retiré", "contact.archived": "Dossier archivé",
        "contact.restored": "Dossier sorti des archives",
        "contact.removed": "Dossier retiré par l'annulation d'un import",
        "contact.merged": "Dossiers fusionnés", "contact.merged_into": "Fusionné dans un autre dossier",
        "contact.unmerged": "Fusion défaite", "contact.set_apart": "Doublon écarté",
        "contact.apart_forgotten": "Doublon proposé à nouveau", "contact.placed": "Adresse placée sur la carte",
        "contact.place_forgotten": "Position d'une adresse à chercher à nouveau",
        "contact.consents_ended": "Sollicitations closes après un décès",
        "message.asked": "Envoi d'un message demandé", "message.sent": "Message envoyé", "message.failed": "Message non envoyé",
        "message.again": "Nouvel essai d'un message demandé",
        "signature.asked": "Signatures demandées", "signature.opened": "Document à signer ouvert",
        "signature.signed": "Signature donnée",
        "signature.on_paper": "Document signé sur papier", "signature.refused": "Signature refusée",
        "signature.cancelled": "Demande de signature annulée", "signature.expired": "Demande de signature expirée",
        "signature.reminded": "Lien de signature renvoyé", "signature.sealed": "Document signé et scellé",
        "signature.seal_made": "Certificat du cachet créé",
        "household.attached": "Rattachement fiscal modifié",
        "relation.added": "Relation ajoutée", "relation.changed": "Relation modifiée", "relation.ended": "Relation terminée",
        "relation.removed": "Relation retirée", "relation.restored": "Relation rétablie",
    }),
    "classement": ("Classement des contacts", {
        "category.added": "Catégorie ajoutée", "category.changed": "Catégorie modifiée",
        "category.ordered": "Catégories réordonnées", "category.archived": "Catégorie archivée",
        "category.restored": "Catégorie sortie des archives", "category.removed": "Catégorie supprimée",
        "category.merged": "Catégories fusionnées", "category.default": "Catégorie des nouveaux contacts choisie",
        "label.added": "Étiquette ajoutée", "label.changed": "Étiquette modifiée", "label.ordered": "Étiquettes réordonnées",
        "label.archived": "Étiquette archivée", "label.restored": "Étiquette sortie des archives",
        "label.removed": "Étiquette supprimée", "label.merged": "Étiquettes fusionnées",
        "custom_field.added": "Champ du cabinet ajouté", "custom_field.changed": "Champ du cabinet modifié",
        "custom_field.ordered": "Champs du cabinet réordonnés", "custom_field.archived": "Champ du cabinet archivé",
        "custom_field.restored": "Champ du cabinet sorti des archives", "custom_field.removed": "Champ du cabinet supprimé",
    }),
    "imports": ("Imports", {
        "feed.received": "Fichier de flux reçu", "feed.refused": "Fichier de flux refusé",
        "feed.applied": "Fichier de flux appliqué", "feed.undone": "Fichier de flux annulé",
        "feed.put_aside": "Fichier de flux écarté",
        "feed.asked": "Lecture d'un partenaire demandée", "feed.answered": "Portefeuilles lus chez un partenaire",
        "feed.stopped": "Lecture d'un partenaire interrompue", "feed.key_confirmed": "Clé du serveur SFTP confirmée",
        "import.received": "Fichier reçu", "import.begun": "Import lancé", "import.ended": "Import terminé",
        "import.stopped": "Arrêt de l'import demandé", "import.cut": "Import arrêté",
        "import.undoing": "Annulation de l'import demandée",
        "import.undone": "Import annulé", "import.abandoned": "Import abandonné",
        "import.reported": "Rapport d'import téléchargé",
    }),
    "comptes": ("Comptes et supports", {
        "account.removed": "Compte retiré par l'annulation d'un import",
        "account.put_back": "Valeurs remises par l'annulation d'un import",
        "account.added": "Compte créé", "account.changed": "Compte modifié", "account.roles": "Titulaires et rôles modifiés",
        "account.positions": "Lignes mises à jour", "account.movement": "Mouvement enregistré",
        "account.movements_added": "Mouvements reçus", "account.movements_removed": "Mouvements repris",
        "account.filled_by": "Source des valeurs changée", "account.stale": "Flux silencieux",
        "account.deleted": "Compte supprimé", "account.back": "Suppression d'un compte annulée",
        "account.archived": "Compte archivé", "account.restored": "Compte sorti des archives",
        "account.corrected": "Champ reçu corrigé", "account.released": "Correction d'un champ retirée",
        "account.day_back": "Figures d'un jour rétablies", "account.unvalued": "Valorisation retirée",
        "account.movement_removed": "Mouvement retiré",
        "account.valued": "Valorisation enregistrée", "company.added": "Compagnie ajoutée", "product.added": "Produit ajouté",
        "portefeuille.statement_kept": "Relevé enregistré au dossier",
        "portefeuille.statements_asked": "Lot de relevés demandé",
        "portefeuille.plan_added": "Acte programmé", "portefeuille.plan_changed": "Acte programmé modifié",
        "portefeuille.plan_state": "Acte programmé suspendu, repris ou terminé",
        "portefeuille.plan_day": "Échéance d'un acte programmé traitée",
        "support.added": "Support ajouté", "support.priced": "Cours enregistré",
        "support.changed": "Support modifié", "support.released": "Valeur saisie d'un support retirée",
        "support.unpriced": "Cours retiré", "support_file.received": "Fichier de supports reçu",
        "support_file.applied": "Fichier de supports appliqué", "support_file.undone": "Fichier de supports annulé",
        "support_file.dropped": "Fichier de supports oublié", "support_range.added": "Gamme créée",
        "support_range.changed": "Gamme modifiée", "support_range.archived": "Gamme archivée",
        "support_range.restored": "Gamme sortie des archives", "support.starred": "Favori ajouté",
        "support.unstarred": "Favori retiré", "support.favourites_ordered": "Favoris réordonnés",
        "outils.model_added": "Modèle de portefeuille créé", "outils.model_changed": "Modèle de portefeuille modifié",
        "outils.model_archived": "Modèle de portefeuille archivé",
        "outils.model_restored": "Modèle de portefeuille sorti des archives",
        "outils.model_followed": "Modèle suivi par un compte", "outils.model_left": "Modèle quitté par un compte",
        "outils.optimisation_asked": "Optimisation demandée", "outils.optimisation_done": "Optimisation terminée",
        "outils.optimisation_refused": "Optimisation sans résultat",
        "outils.run_asked": "Arbitrages proposés", "outils.proposal_marked": "Arbitrage proposé, état noté",
    }),
    "patrimoine": ("Patrimoine", {
        "patrimoine.loan_added": "Prêt ajouté", "patrimoine.loan_changed": "Prêt modifié", "patrimoine.loan_closed": "Prêt clos",
        "patrimoine.loan_reopened": "Prêt rouvert", "patrimoine.loan_event_added": "Événement d'un prêt noté",
        "patrimoine.loan_event_removed": "Événement d'un prêt retiré", "patrimoine.pledged": "Compte nanti",
        "patrimoine.pledge_agreed": "Accord d'un créancier nanti noté",
        "patrimoine.pledge_released": "Mainlevée d'un nantissement",
        "patrimoine.asset_added": "Actif ajouté", "patrimoine.asset_changed": "Actif modifié",
        "patrimoine.asset_disposed": "Actif sorti du patrimoine", "patrimoine.asset_restored": "Actif remis au patrimoine",
        "patrimoine.asset_valued": "Valeur d'un actif notée", "patrimoine.asset_value_removed": "Valeur d'un actif retirée",
        "patrimoine.rent_added": "Location notée", "patrimoine.rent_changed": "Location modifiée",
        "patrimoine.rent_removed": "Location retirée", "patrimoine.debt_added": "Dette ajoutée",
        "patrimoine.debt_changed": "Dette modifiée", "patrimoine.debt_settled": "Dette soldée",
        "patrimoine.debt_reopened": "Dette rouverte",
        "patrimoine.budget_added": "Ligne de budget ajoutée", "patrimoine.budget_changed": "Ligne de budget modifiée",
        "patrimoine.budget_removed": "Ligne de budget retirée",
    }),
    "documents": ("Documents", {
        "document.added": "Document déposé", "document.changed": "Fiche d'un document modifiée",
        "document.version_added": "Nouvelle version d'un document", "document.removed": "Document supprimé",
        "document.restored": "Document rétabli", "ged.read": "Lecture d'un document interne confirmée",
        "ged.reminded": "Document interne, relance",
        "document_category.added": "Catégorie de documents créée", "document_category.changed": "Catégorie de documents modifiée",
        "document_category.archived": "Catégorie de documents archivée",
        "document_category.restored": "Catégorie de documents sortie des archives",
        "document_category.ordered": "Catégories de documents réordonnées",
    }),
    "conformite": ("Conformité", {
        "conformite.answered": "Questionnaire investisseur rempli", "conformite.dropped": "Questionnaire investisseur abandonné",
        "conformite.profile_made": "Profil investisseur établi",
        "conformite.vigilance_assessed": "Vigilance évaluée", "conformite.vigilance_validated": "Vigilance renforcée validée",
        "conformite.operation_assessed": "Vigilance d'une opération évaluée",
        "conformite.list_imported": "Liste de pays importée", "conformite.suspicion_noted": "Note de soupçon écrite",
        "conformite.paper_made": "Document réglementaire produit",
        "conformite.paper_filed": "Document réglementaire signé sur papier déposé",
        "conformite.template_written": "Modèle de document mis en vigueur",
        "conformite.project_added": "Projet d'investissement créé",
        "conformite.project_changed": "Projet d'investissement modifié",
        "conformite.project_archived": "Projet d'investissement archivé",
        "conformite.project_restored": "Projet d'investissement rétabli",
        "conformite.targets_changed": "Allocations cibles du cabinet fixées",
    }),
    "transactions": ("Transactions", {
        "transaction.created": "Transaction créée", "transaction.typed": "Acte saisi modifié",
        "transaction.status": "Statut changé",
        "transaction.matched": "Mouvement rapproché d'un acte", "transaction.match_refused": "Rapprochement refusé",
        "transaction.match_undone": "Rapprochement défait",
        "transaction.conflict": "Statut contradictoire du partenaire", "link.launched": "Acte lancé chez le partenaire",
        "link.opened": "Acte ouvert chez le partenaire",
        "journey.open": "Saisie d'un acte commencée", "journey.sending": "Acte confirmé, à transmettre",
        "journey.sent": "Acte transmis au partenaire", "journey.refused": "Acte à corriger, rendu par le partenaire",
        "journey.abandoned": "Saisie d'un acte abandonnée", "journey.expired": "Saisie d'un acte expirée",
        "journey.again": "Transmission reprise", "journey.filed": "Pièce jointe classée",
    }),
    "partenaires": ("Partenaires et mandats", {
        **{f"mandate.{event}": _of_mandate(words) for event, words in MANDATE_EVENTS.items()},
        "link.registered": "Partenaire enregistré", "link.key_made": "Clé de liaison créée",
        "link.keys_rotated": "Renouvellement de la clé de liaison", "link.key_withdrawn": "Clé de liaison retirée",
        "link.certificate_made": "Certificat SAML créé", "link.certificate_withdrawn": "Certificat SAML retiré",
        "link.partner_keys": "Clés reconnues d'un partenaire changées",
        "link.code_replayed": "Code d'accès présenté deux fois", "link.hook_reused": "Notification reçue deux fois",
        "link.hook_unsigned": "Notification sans signature refusée",
    }),
    "modules": ("Modules", {
        "plugin.enabled": "Module activé", "plugin.disabled": "Module désactivé", "plugin.settings": "Réglages modifiés",
        "plugin.asked": "Module demandé par une personne",
        "plugin.own_settings": "Réglages personnels modifiés", "plugin.secret_kept": "Secret enregistré",
        "plugin.secret_erased": "Secret effacé",
        "plugin.paused": "Module mis en pause après des échecs", "plugin.resumed": "Module repris",
        "plugin.tested": "Connexion au partenaire essayée",
    }),
    "listes": ("Listes, exports et journal", {
        "list.exported": "Liste exportée", "view.saved": "Vue enregistrée", "view.changed": "Vue modifiée",
        "view.removed": "Vue supprimée", "view.made_usual": "Vue d'ouverture choisie", "undo.done": "Action annulée",
        "audit.purged": "Contenu du journal expurgé", "access.purged": "Trace des consultations effacée",
    }),
}  # fmt: skip
ACTIONS: dict[str, str] = {code: words for _title, found in FAMILIES.values() for code, words in found.items()}
#: What comes before «:» in a subject.
KINDS: dict[str, str] = {
    "user": "Personne", "cabinet": "Cabinet", "profile": "Profil", "agency": "Agence", "contact": "Contact", "account": "Compte",
    "transaction": "Transaction", "document": "Document",
    "document-category": "Catégorie de documents", "support": "Support", "product": "Produit", "company": "Compagnie",
    "support-file": "Fichier de supports", "support-range": "Gamme de supports",
    "outils-model": "Modèle de portefeuille", "outils-run": "Lot d'arbitrages",
    "outils-optimisation": "Optimisation d'un modèle",
    "plugin": "Module", "mandate": "Mandat", "launch": "Acte lancé", "link-key": "Clé de liaison",
    "link-certificate": "Certificat SAML",
    "hook": "Notification de partenaire",
    "relation": "Relation",
    "list": "Liste", "view": "Vue", "audit": "Entrées du journal", "token": "Jeton d'accès", "import": "Import",
    "feed": "Fichier de flux",
    "statements": "Lot de relevés", "signature": "Demande de signature", "seal": "Certificat du cachet",
    "country-list": "Liste de pays", "suspicion": "Note de soupçon", "paper_template": "Modèle de document",
    "conformite-target": "Allocations cibles",
}  # fmt: skip
ACTORS: dict[str, str] = {"system": "Encours", "signer": "Signataire, par son lien", "cli": "Commande d'exploitation"}
#: What a line holds besides a contact's fields.
FIELDS: dict[str, str] = {
    **{code: key.label for code, key in SUPPORT_FACTS.items()},
    **CONTACT_FIELDS, "name": "Nom", "role": "Rôle", "label": "Nom", "rights": "Droits", "code": "Code", "siren": "SIREN",
    "orias": "Numéro ORIAS", "address": "Adresse", "slug": "Identifiant", "members": "Membres", "user": "Personne",
    "merge": "Fusion", "merged": "Dossier fusionné", "from": "Dossier conservé",
    "moved": "Rattachements suivis", "dropped": "Rattachements en double", "other": "Autre contact",
    "latitude": "Latitude", "longitude": "Longitude",
    "member": "Membre", "required": "Exigé", "how": "Manière", "ip": "Adresse réseau", "amr": "Preuves données",
    "left": "Codes restants", "year": "Année",
    "count": "Nombre", "on": "Le", "at": "Le", "act": "Acte", "origin": "Origine", "status": "Statut", "source": "Source",
    "seq": "Numéro d'ordre", "movement": "Mouvement", "plan": "Programme", "answer": "Réponse",
    "transaction": "Transaction", "score": "Points de concordance", "aside": "Mouvements remplacés",
    "state": "État", "note": "Note", "document": "Document", "reason": "Raison", "launch": "Lancement", "account": "Compte",
    "amount": "Montant", "value": "Valeur", "net_payments": "Versements nets", "isin": "ISIN", "hook": "Contribution",
    "command": "Action annulée",
    "list": "Liste", "format": "Format", "filters": "Filtres", "columns": "Colonnes", "selected": "Lignes cochées",
    "rows": "Lignes",
    "query": "Filtres de la vue", "shared": "Partagée", "until": "Jusqu'au", "digest": "Empreinte",
    "channel": "Sorte de coordonnée",
    "setting": "Réglage", "key": "Clé", "renewed": "Secrets rechiffrés",
    "journey": "Saisie", "before": "Avant",
    "plugin": "Module", "base_url": "Adresse du partenaire", "jkt": "Empreinte de la clé", "kid": "Clé",
    "said": "Dit par le partenaire",
    "ours": "Connu ici", "company": "Compagnie", "title": "Intitulé", "number": "Numéro", "envelope": "Enveloppe",
    "contact_id": "Contact",
    "via": "Par", "scopes": "Permet",
    "kind_said": "Sorte", "subject": "Concerne", "help": "Aide", "options": "Choix", "parent": "Sous-catégorie de",
    "into": "Fusion dans", "color": "Couleur", "client_number": "Numéro client",
    "theme": "Thème", "main": "Couleur principale", "accent": "Couleur d'accent", "light": "Logo sur fond clair",
    "dark": "Logo sur fond sombre", "layout": "Disposition des états", "foot": "Pied de page", "legal": "Mentions légales",
    "first": "Premier contact", "second": "Second contact", "since": "Depuis le", "right": "Droit", "function": "Fonction",
    "counsel": "Conseil", "filiation": "Filiation", "tax_attached": "Rattaché au foyer fiscal",
    "file": "Fichier", "lines": "Lignes", "target": "Type d'import", "line": "Ligne", "create": "Créés", "update": "Complétés",
    "skip": "Ignorés", "error": "En erreur", "kept": "Gardés",
    "loan": "Prêt", "purpose": "Bien ou projet financé", "lender": "Prêteur", "principal": "Capital emprunté",
    "annual_rate": "Taux nominal annuel", "variable": "Taux variable", "months": "Durée en mois", "granted_on": "Débloqué le",
    "first_due": "Première échéance", "every": "Mois par échéance", "deferred_months": "Différé en mois",
    "deferred_kind": "Nature du différé", "steps": "Paliers", "insurance_kind": "Assurance", "fees": "Frais",
    "insurance_rate": "Taux de l'assurance", "insurance_amount": "Prime par échéance", "guarantees": "Garanties",
    "borrowers": "Emprunteurs", "insured": "Quotité assurée", "creditor": "Créancier", "why": "Motif",
    "mode": "Ensuite", "indemnity_kind": "Nature de l'indemnité", "indemnity": "Indemnité", "rate": "Taux", "pledged": "Nanti",
    "fee_entry": "Frais d'entrée", "fee_euro": "Frais de gestion du fonds en euros",
    "fee_units": "Frais de gestion des unités de compte", "fee_switch": "Frais d'arbitrage", "fee_exit": "Frais de sortie",
    "tax_option": "Option fiscale", "settlement": "Dénouement", "introducer_code": "Code apporteur", "field": "Champ",
    "profile": "Profil", "minimum": "Minimum d'un ordre", "keep_euro": "Fonds en euros conservés",
    "message": "Message", "way": "Par", "recipient": "Destinataire", "object": "Objet", "documents": "Documents",
    "reference": "Référence",
    "signer": "Signataire", "signers": "Signataires", "sha256": "Empreinte SHA-256", "proof": "Preuve de signature",
    "certificate": "Certificat",
    "step": "État de l'arbitrage", "goal": "Objectif", "years": "Années d'historique",
    "category": "Catégorie", "filename": "Fichier", "tags": "Étiquettes", "version": "Version",
    "expires_on": "Valable jusqu'au", "hold": "À conserver, motif",
    "paper": "Document réglementaire", "facts_sha256": "Empreinte des informations reprises",
    "missing": "Informations manquantes", "valid_until": "Valable jusqu'au",
    "project": "Projet", "co_contact_id": "Co-investisseur", "origin_note": "Précision sur l'origine", "starts_on": "Début",
    "ends_on": "Horizon", "initial": "Versement initial", "monthly": "Effort mensuel", "entry_cost": "Frais d'entrée",
    "yearly_cost": "Frais annuels du contrat", "allocation": "Allocation", "shares": "Poids", "provider": "Compagnie envisagée",
    "account_id": "Compte", "clause": "Clause", "rank": "Rang", "share": "Part", "accepted_on": "Acceptée le",
    "assessment": "Évaluation", "points": "Points", "computed": "Niveau calculé", "level": "Niveau retenu",
    "review_on": "À revoir le", "dated_on": "Date de la liste", "countries": "Pays", "answers": "Réponses",
}  # fmt: skip
#: Codes of the product that a line may hold, by the field's name.
CODES: dict[str, Mapping[str, Any]] = {
    "": {**STATUSES, **ENROLMENTS}, "state": MANDATE_STATES,
    "role": {**ROLES, "PRINCIPAL": "Principal", "SECONDAIRE": "Secondaire", "ASSISTANT": "Assistant"},
    "how": {"self": "Par la personne", "reset": "Par un lien"}, "rights": RIGHTS,
    "amr": {"pwd": "mot de passe", "otp": "code"}, "channel": {"address": "Adresse", "phone": "Téléphone", "email": "E-mail",
    "bank": "Compte bancaire"},
    "color": COLORS,
    "layout": {"left": "Logo à gauche", "centre": "Logo au centre"},
    "kind": {one.code: ROLE_LABELS[one.a] for one in RELATIONS.values()}, "right": RIGHTS_HELD, "counsel": COUNSELS,
    "filiation": FILIATIONS,
    "profile": {"PRUDENT": "Prudent", "EQUILIBRE": "Équilibré", "DYNAMIQUE": "Dynamique", "OFFENSIF": "Offensif"},
    "goal": {
        "VARIANCE": "Variance minimale", "CIBLE": "Risque cible", "RAPPORT": "Meilleur rapport rendement/risque",
    },
    "step": {"todo": "À traiter", "asked": "Préparé", "done": "Fait", "skipped": "Passé"},
}  # fmt: skip


def action(code: str) -> str:
    """What was done."""
    return ACTIONS.get(code, code)


def actor(code: str, people: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Who did it. `people`: the cabinet's, by id; `titles`: of modules, by name."""
    if code.startswith("partner:"):
        name = code.removeprefix("partner:")
        return f"Partenaire {titles.get(name, name)}"
    return people.get(code) or ACTORS.get(code, code)


def kind(subject: str) -> str:
    """On what sort of thing."""
    name = subject.partition(":")[0]
    return KINDS.get(name, name)
