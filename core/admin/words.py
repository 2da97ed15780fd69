"""What a hook brings to people, in a few words: for the list of modules."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

#: What the import of files asks of a module (`Plugin.imports`).
IMPORTS: dict[str, Any] = {
    "import:judge": _l("Import d'un fichier, vérification"), "import:write": _l("Import d'un fichier, écriture"),
    "import:undo": _l("Import d'un fichier, annulation"),
}  # fmt: skip
#: Hook → what a module that implements it contributes. In the order in which a line names them.
BRINGS: dict[str, Any] = {
    "modules": _l("Module de la barre"),
    "account_badges": _l("Icône de compte"),
    "account_actions": _l("Menu des actes"),
    "account_notes": _l("Avis sur un compte"),
    "transaction_types": _l("Menu Ajouter d'un compte"),
    "start_transaction": _l("Passage à l'extranet, ou saisie ici"),
    "continue_transaction": _l("Étapes d'une saisie"),
    "submit_transaction": _l("Transmission d'un acte saisi ici"),
    "contact_sections": _l("Pages du dossier client"),
    "search_providers": _l("Recherche"),
    "quick_actions": _l("Menu rapide"),
    "settings_pages": _l("Pages de Services"),
    "transaction_columns": _l("Colonne de statut"),
    "transaction_guards": _l("Contrôle des actes"),
    "activation_steps": _l("Parcours d'activation"),
    "test_connection": _l("Essai de la connexion"),
    "wealth_items": _l("Lignes du patrimoine"),
    "budget_items": _l("Lignes du budget"),
    "portfolio_checks": _l("Audit d'un portefeuille"),
    "model_portfolios": _l("Portefeuilles modèles d'un profil"),
    "query_fields": _l("Champs des requêtes"),
    "feed_formats": _l("Formats de relevés et de flux"),
    "fetch_portfolio": _l("Portefeuilles lus chez le partenaire"),
    "message_channels": _l("Moyens de joindre un client"),
    "send_message": _l("Messages envoyés aux clients"),
    "personal_data": _l("Données gardées d'un contact"),
    "on_event": _l("Suites données aux événements"),
}


def hook_word(hook: str) -> Any:
    """What a hook, or a job of a module, is called in a list of calls and incidents."""
    known = BRINGS.get(hook) or IMPORTS.get(hook)
    return known or (_l("Travail de fond «\u202f%(key)s\u202f»", key=hook[4:]) if hook.startswith("job:") else hook)
