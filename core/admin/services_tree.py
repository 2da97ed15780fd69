"""The tree of Services: core's own pages, each module's settings that a person may set, pages that modules name (US-02)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.routing import BuildError

from core.admin import frame
from core.hooks import scopes
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.search.words import fold
from core.shell.gate import current_context
from core.shell.gate import hub

#: Group → its title, in the order of the tree.
GROUPS: dict[str, Any] = {
    "compte": _l("Mon compte"), "personnalisation": _l("Personnalisation"), "accueil": _l("Accueil et pilotage"),
    "modules": _l("Modules"), "messagerie": _l("Messagerie"), "partenaires": _l("Partenaires"), "cabinet": _l("Cabinet"),
}  # fmt: skip
LEVELS: dict[str, Any] = {"user": _l("Moi"), "cabinet": _l("Cabinet")}
ICONS = {
    "compte": "user", "personnalisation": "palette", "accueil": "home", "modules": "layout-grid", "messagerie": "mail",
    "partenaires": "signature", "cabinet": "adjustments-horizontal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the tree. `level`: for whom what is set there holds; `words`: what the search reads, folded."""

    group: str
    label: str
    about: str
    url: str
    level: str
    words: str
    weight: int = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries under one title."""

    key: str
    title: str
    icon: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A page of core's: where it is, an anchor on it, what one looks for to find it, the right that it asks, its title."""

    label: Any
    about: Any
    endpoint: str
    keywords: Any
    anchor: str | None = None
    right: str | None = None
    group: str = "compte"


#: Core's pages that are each person's.
CORE = (
    Own(_l("Ma fiche"), _l("Votre téléphone, et ce que vos collègues lisent de vous."), "profile.index",
        _l("coordonnées numéro identité profil")),
    Own(_l("Ma photo"), _l("Celle qui paraît à côté de votre nom."), "photos.edit", _l("portrait image avatar")),
    Own(_l("Mot de passe"), _l("Le changer ferme vos autres sessions."), "account.password",
        _l("sécurité connexion identifiant")),
    Own(_l("Second facteur"), _l("Un code de votre téléphone en plus du mot de passe."), "account.index",
        _l("sécurité double authentification application codes de secours TOTP 2FA"), "titre-facteur"),
    Own(_l("Sessions ouvertes"), _l("Vos appareils connectés, à fermer un par un."), "account.index",
        _l("sécurité appareil ordinateur déconnexion"), "titre-sessions"),
    Own(_l("Notifications"), _l("Ce dont la cloche vous prévient."), "notifications.index", _l("alerte cloche message avis")),
    Own(_l("Imports de fichiers"),
        _l("Contacts et portefeuilles d'un fichier CSV, Excel ou vCard\u202f: suivre, reprendre, annuler."), "imports.index",
        _l("importer fichier csv excel xlsx vcard reprise données outlook google portefeuille"),
        right="contacts.edit", group="modules"),
    Own(_l("Raccourcis clavier"), _l("Les touches, et le moyen de les couper."), "help.shortcuts",
        _l("touche accessibilité palette")),
)  # fmt: skip
#: Of each page of the administration, by its place's key: what one does there, and other words for it.
CABINET: Mapping[str, tuple[Any, Any]] = {
    "identity": (_l("Raison sociale, SIREN, numéro ORIAS, adresse."), _l("société coordonnées")),
    "appearance": (_l("Thème, couleurs, logo, présentation des états imprimés."), _l("charte marque papier en-tête")),
    "people": (_l("Qui entre, et avec quel profil."), _l("collaborateur inviter compte")),
    "profiles": (_l("Ce que chaque profil peut voir et faire."), _l("rôle permission matrice")),
    "agencies": (_l("Les équipes et leurs membres."), _l("équipe bureau")),
    "security": (_l("Second facteur exigé ou non, sessions de tous."), _l("double authentification 2FA appareils")),
    "journal": (_l("Qui a fait quoi, et quand."), _l("trace historique")),
    "modules": (_l("Activer un module, voir sa santé, régler un partenaire."), _l("plugin extension désactiver")),
}  # fmt: skip
_NOTHING: tuple[Any, Any] = ("", "")


def entries() -> tuple[list[Entry], tuple[Failure, ...]]:
    """All that the person may open, and the modules that did not say theirs."""
    contributed, failures = _contributed()
    found = [*_core(), *_generated(), *contributed, *_cabinet()]
    rank = list(GROUPS)
    return sorted(found, key=lambda one: (rank.index(one.group), one.weight)), failures


def shelves(every: Iterable[Entry]) -> list[Shelf]:
    """Entries by group."""
    known = list(every)
    kept = [(key, tuple(one for one in known if one.group == key)) for key in GROUPS]
    return [Shelf(key, str(GROUPS[key]), ICONS[key], held) for key, held in kept if held]


def found(every: Iterable[Entry], text: str) -> list[Entry]:
    """Those that hold every word that was typed, or its beginning: «logo» → Personnalisation › Logo."""
    words = fold(text).split()
    return [one for one in every if all(f" {word}" in one.words for word in words)]


def _entry(
    group: str, label: Any, about: Any, url: str, level: str, keywords: Iterable[str], weight: int = 100
) -> Entry:
    words = " ".join([str(label), str(about), str(GROUPS[group]), *map(str, keywords)])
    return Entry(group, str(label), str(about), url, str(LEVELS[level]), f" {fold(words)}", weight)


def _core() -> list[Entry]:
    return [
        _entry(one.group, one.label, one.about, url_for(one.endpoint, _anchor=one.anchor), "user", [one.keywords], rank)
        for rank, one in enumerate(CORE) if one.right is None or current_context().can(one.right)
    ]


def _cabinet() -> list[Entry]:
    places = [place for shelf in frame.opened() for place in shelf.places]
    return [
        _entry("cabinet", one.label, CABINET.get(one.key, _NOTHING)[0], url_for(one.endpoint), "cabinet",
               [CABINET.get(one.key, _NOTHING)[1], _("administration")], rank)
        for rank, one in enumerate(places)
    ]  # fmt: skip


def _generated() -> list[Entry]:
    """What the schemas of the cabinet's modules open to a person; to who manages modules, to the cabinet."""
    ctx, made = current_context(), list[Entry]()
    for name in ctx.enabled:
        plugin = hub().registry.plugins[name]
        if _labels(plugin, "user"):
            made.append(_of_schema(plugin, "user", url_for("services.module", plugin=name)))
        if _labels(plugin, "cabinet") and ctx.can(frame.PARTNERS):
            made.append(_of_schema(plugin, "cabinet", url_for("administration.settings", plugin=name)))
    return made


def _of_schema(plugin: Plugin, scope: scopes.Scope, url: str) -> Entry:
    labels = _labels(plugin, scope)
    label = _("%(title)s, pour le cabinet", title=plugin.title) if scope == "cabinet" else plugin.title
    return _entry(
        "modules", label, ", ".join(labels) + ".", url, scope, [plugin.title, plugin.name, _("réglages")],
        plugin.weight + (scope == "cabinet"),
    )  # fmt: skip


def _labels(plugin: Plugin, scope: scopes.Scope) -> list[str]:
    if plugin.settings_schema is None:
        return []
    declared = plugin.settings_schema().fields
    return [str(declared[name].metadata.get("label", name)) for name in scopes.settable(plugin, scope)]


def _contributed() -> tuple[list[Entry], tuple[Failure, ...]]:
    ctx, made = current_context(), list[Entry]()
    collected = hub().collect(Plugin.settings_pages, ctx)
    failures = list(collected.failures)
    for one in collected.items:
        page = one.item
        if page.permission is not None and not ctx.can(page.permission):
            continue
        try:
            url = url_for(page.endpoint, **dict[str, Any](page.values))
        except (BuildError, ValueError) as error:
            failures.append(hub().blame(one.plugin, Plugin.settings_pages, ctx, error))
            continue
        made.append(
            _entry(page.group, page.label, page.about, url, page.scope, [*page.keywords, one.title], page.weight)
        )
    return made, tuple(failures)
