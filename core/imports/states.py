"""Where an import stands, and how that is said."""

from __future__ import annotations

#: State → its words. «draft»: to be mapped; «checked»: counted, nothing written yet.
LABELS: dict[str, str] = {
    "draft": "À associer", "checking": "Vérification en cours", "checked": "Prêt à importer", "running": "Import en cours",
    "done": "Terminé", "cancelled": "Arrêté", "failed": "Interrompu", "undoing": "Annulation en cours", "undone": "Annulé",
}  # fmt: skip
#: State → the badge's kind and icon.
LOOKS: dict[str, tuple[str, str]] = {
    "draft": ("neutral", "circle-dashed"), "checking": ("info", "loader-2"), "checked": ("info", "info-circle"),
    "running": ("info", "loader-2"), "done": ("success", "check"), "cancelled": ("warning", "ban"),
    "failed": ("danger", "alert-triangle"), "undoing": ("info", "loader-2"), "undone": ("neutral", "history"),
}  # fmt: skip
#: A job is at it.
WORKING = frozenset({"checking", "running", "undoing"})
#: Nothing is written yet: mapping and rules may change.
OPEN = frozenset({"draft", "checking", "checked"})
#: What was done may be undone.
UNDOABLE = frozenset({"done", "cancelled", "failed"})
EXPECTED: dict[str, str] = {"create": "À créer", "update": "À compléter", "skip": "À ignorer", "error": "En erreur"}
DONE: dict[str, str] = {"create": "Créés", "update": "Mis à jour", "skip": "Ignorés", "error": "En erreur"}
#: Lines that belong to the thing of another line: told where there are some.
PARTS = "Lignes rattachées"
#: The same of one line, in the report.
REPORTED: dict[str, str] = {
    "create": "Créée, gardée à l'annulation", "update": "Mise à jour, gardée à l'annulation", "skip": "Ignorée",
    "error": "En erreur",
}  # fmt: skip
