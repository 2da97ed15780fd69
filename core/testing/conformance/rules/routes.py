"""Every address says who may come in, asks for a right that exists, lies under the plugin's own prefix, and answers."""

from __future__ import annotations

from collections.abc import Iterator

from core.cabinets.permissions import LABELS
from core.links.partner import PlpPlugin
from core.testing.conformance.bench import Bench
from core.testing.conformance.findings import Finding
from core.testing.watching import told
from core.web.policy import policy_of


def check(bench: Bench) -> Iterator[Finding]:
    """The URL map, then each page."""
    name, app = bench.subject.name, bench.encours.app
    known = {*LABELS, *bench.plugin.permissions}
    for other in sorted(set(bench.blueprints) - {f"p_{name}"}):
        yield Finding("", f"il ajoute un second blueprint, «{other}», que les portes ne connaissent pas",
                      todo="Un seul blueprint, fait par core.api.web.blueprint.")  # fmt: skip
    if isinstance(bench.plugin, PlpPlugin):
        for lost in sorted({f"p_{name}.activation", f"p_{name}.advisers"} - set(app.view_functions)):
            yield Finding("", f"il remplace les pages de l'activation : {lost} n'existe pas",
                          bench.subject.place_of(type(bench.plugin).blueprint),
                          why="Une icône grisée, un rappel, les Services y mènent : ils ne mèneraient nulle part.",
                          todo="Commencez blueprint() par made = super().blueprint(), puis ajoutez vos pages.")  # fmt: skip
    for rule in bench.rules:
        place, found = bench.view_place(rule.endpoint), policy_of(app.view_functions[rule.endpoint])
        if not rule.rule.startswith(f"/p/{name}/"):
            yield Finding("", f"l'adresse {rule.rule} n'est pas sous /p/{name}/", place)
        if found is None:
            yield Finding("", f"{rule.rule} ne dit pas qui peut entrer", place,
                          todo="Décorez la vue de @permission(\"…\") ou de @signed_in.")  # fmt: skip
        elif found.kind in ("public", "machine"):
            yield Finding("", f"{rule.rule} est ouvert sans connexion («{found.kind}»)", place)
        elif found.kind == "permission" and found.permission not in known:
            yield Finding("", f"{rule.rule} demande un droit inconnu : {found.permission}", place)
    for page in bench.pages:
        if page.status >= 500:
            said = f" : {told(page.error)}" if page.error else ""
            where = bench.subject.place_in(page.error.__traceback__) if page.error else ""
            yield Finding("", f"{page.path} répond {page.status}{said}", where or bench.view_place(page.endpoint),
                          why="Une page qui échoue est une page d'erreur pour le conseiller.",
                          todo="Corrigez la vue ; ce qui n'existe pas lève NotFound.")  # fmt: skip
