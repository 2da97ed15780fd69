"""Discovery: which plugins are installed, which are broken and why. Loading one never stops the others."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from importlib.metadata import entry_points
from typing import Any

import pluggy
from packaging.specifiers import SpecifierSet

from core.hooks.specs import PROJECT
from core.hooks.specs import Plugin
from core.hooks.specs import specs
from core.hooks.tables import Tables

GROUP = "encours.plugins"
#: The distribution of core and the bundled plugins: nobody else takes one of their names.
OURS = "encours"
#: The version of `core.api`: semantic, what plugins declare compatibility with.
API_VERSION = "1.0"

#: How many (hook, enabled plugins) are remembered: cabinets differ little.
MOST_ORDERS = 2000
_NAME = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
_log = logging.getLogger("encours.plugins")


@dataclass(frozen=True, slots=True)
class Broken:
    """A plugin that could not be loaded, and why, in French."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Implementation:
    """One plugin's method for one hook."""

    plugin: Plugin
    function: Any


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else ""


def _turn(entry: EntryPoint) -> tuple[str, bool, str]:
    """By name; of one name ours first, then by the distribution's: which is taken never depends on the order of a disk."""
    return entry.name, _distribution(entry) != OURS, _distribution(entry)


class Registry:
    """The plugins of this installation. The only holder of pluggy's manager."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Plugin)
        self.plugins: dict[str, Plugin] = {}
        self.broken: list[Broken] = []
        #: Installed, and not on the operator's list: never imported.
        self.barred: set[str] = set()
        #: Which of them wait for their tables.
        self.tables = Tables()
        self._implementations: dict[str, tuple[Implementation, ...]] = {}
        self._ordered: dict[tuple[str, tuple[str, ...]], tuple[Implementation, ...]] = {}

    def discover(self, allowed: frozenset[str] = frozenset()) -> None:
        """Load every entry point of the group; `allowed` is the operator's list (empty: all)."""
        taken = dict[str, str]()
        for entry in sorted(entry_points(group=GROUP), key=_turn):
            if allowed and entry.name not in allowed:
                self.barred.add(entry.name)
            elif entry.name in taken:
                both = f"«{_distribution(entry)}» porte le même nom que «{taken[entry.name]}»"
                self._reject(entry.name, f"{both}, seul chargé : désinstallez l'un des deux")
            else:
                taken[entry.name] = _distribution(entry)
                self._load(entry)

    def _load(self, entry: EntryPoint) -> None:
        module = entry.value.split(":")[0]
        try:
            plugin_class = entry.load()
        except ModuleNotFoundError as error:
            if error.name and (module == error.name or module.startswith(f"{error.name}.")):
                _log.info("plugin %s is absent", entry.name)
                return
            self._reject(entry.name, f"module introuvable : {error.name}", error)
        except BaseException as error:  # a module may also raise SystemExit when it is imported
            self._reject(entry.name, f"{type(error).__name__} à l'import : {error}", error)
        else:
            self.register(entry.name, plugin_class)

    def register(self, name: str, plugin_class: type[Plugin]) -> None:
        """Register one plugin under its entry point's name; a faulty one is listed as broken."""
        try:
            plugin = plugin_class()
            if fault := self._fault(name, plugin):
                self._reject(name, fault)
                return
            self._manager.register(plugin, name)
        except BaseException as error:  # a module may also raise SystemExit when it is imported
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            self._reject(name, f"{type(error).__name__} : {error}", error)
            return
        self.plugins[name] = plugin
        self._forget()

    def _fault(self, name: str, plugin: object) -> str | None:
        if not isinstance(plugin, Plugin):
            return "la classe n'hérite pas de core.api.Plugin"
        if not _NAME.fullmatch(plugin.name) or plugin.name != name:
            return f"le nom du point d'entrée («{name}») et celui du plugin («{plugin.name}») diffèrent"
        if not SpecifierSet(plugin.api).contains(API_VERSION):
            return f"il demande l'API {plugin.api}, celle-ci est la {API_VERSION}"
        known = specs()
        for attribute in dir(type(plugin)):
            options = getattr(getattr(type(plugin), attribute), f"{PROJECT}_impl", None)
            if options is None:
                continue
            if attribute not in known:
                return f"il n'existe pas de hook «{attribute}»"
            if any(options.get(key) for key in ("tryfirst", "trylast", "wrapper", "hookwrapper", "specname")):
                return f"{attribute}\u202f: tryfirst, trylast, wrapper et specname ne sont pas acceptés"
        return None

    def _reject(self, name: str, text: str, error: BaseException | None = None) -> None:
        _log.error("plugin %s is broken: %s", name, text, exc_info=error, extra={"fields": {"plugin": name}})
        self.broken.append(Broken(name, text))

    def break_down(self, name: str, error: BaseException) -> None:
        """A registered plugin turned out not to work at start-up."""
        self.unregister(name)
        self._reject(name, f"{type(error).__name__} au démarrage : {error}", error)

    def unregister(self, name: str) -> None:
        """Forget a plugin."""
        self._manager.unregister(name=name)
        del self.plugins[name]
        self._forget()

    def _forget(self) -> None:
        self.tables.forget()
        self._implementations.clear()
        self._ordered.clear()

    def implementations(self, hook: str) -> tuple[Implementation, ...]:
        """Who implements a hook, in no order that matters: the hub sorts."""
        found = self._implementations.get(hook)
        if found is None:
            caller = getattr(self._manager.hook, hook)
            found = tuple(
                Implementation(self.plugins[impl.plugin_name], impl.function) for impl in caller.get_hookimpls()
            )
            self._implementations[hook] = found
        return found

    def ordered(self, hook: str, enabled: tuple[str, ...]) -> tuple[Implementation, ...]:
        """Those of the enabled plugins, by weight, the cabinet's order, name: the allow-list of the hub.

        A plugin not named in `enabled` is off: this fails closed.
        """
        found = self._ordered.get((hook, enabled))
        if found is None:
            place = {name: rank for rank, name in enumerate(enabled)}
            able = [impl for impl in self.implementations(hook) if impl.plugin.name in place]
            found = tuple(sorted(able, key=lambda impl: (impl.plugin.weight, place[impl.plugin.name], impl.plugin.name)))
            if len(self._ordered) >= MOST_ORDERS:
                self._ordered.clear()
            self._ordered[hook, enabled] = found
        return found

    def one(self, hook: str, plugin: str) -> Implementation | None:
        """A given plugin's implementation of a hook, or None."""
        return next((impl for impl in self.implementations(hook) if impl.plugin.name == plugin), None)

    def partners(self) -> Iterable[Plugin]:
        """Plugins that link to a partner."""
        return (plugin for plugin in self.plugins.values() if plugin.partner is not None)
