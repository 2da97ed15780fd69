"""The plugin is found and starts: entry point, name, interface version, one of its name."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from core.hooks.registry import Registry
from core.testing.conformance.findings import Finding
from core.testing.conformance.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Without an entry point there is nothing to try."""
    if not subject.entries:
        if subject.folder is not None:
            what = f"le paquet {subject.module} est installé, sans point d'entrée «{subject.name}»"
            yield Finding(
                "", what, subject.place(subject.folder),
                todo=f'Ajoutez à pyproject.toml [project.entry-points."encours.plugins"] {subject.name} = '
                f'"{subject.module}.plugin:…", puis réinstallez.',
            )  # fmt: skip
        else:
            yield Finding("", f"aucun module installé ne s'appelle «{subject.name}»", todo="Installez-le : pip install …")
        return
    if len(subject.entries) > 1:
        dists = ", ".join(sorted({str(entry.dist and entry.dist.name) for entry in subject.entries}))
        yield Finding("", f"deux modules s'appellent «{subject.name}» ({dists})", todo="Désinstallez l'un des deux.")
    for source in subject.sources:
        if source.fault:
            yield Finding("", f"le fichier ne se lit pas : {source.fault}", subject.place(source.path))
    entry = subject.entries[0]
    module, _, member = entry.value.partition(":")
    registry = Registry()
    try:
        registry.register(subject.name, getattr(importlib.import_module(module), member))
    except BaseException as error:  # a module may also raise SystemExit when it is imported
        text = f"{type(error).__name__} à l'import : {error}"
        yield Finding("", text, subject.place_in(error.__traceback__) or entry.value)
        return
    for broken in registry.broken:
        yield Finding("", broken.text, entry.value)
    plugin = registry.plugins.get(subject.name)
    if plugin is not None and not plugin.title.strip():
        yield Finding("", "il n'a pas de titre", subject.place_of(type(plugin).__init__) or entry.value)
    if plugin is not None and plugin.version in ("", "0"):
        yield Finding("", "il n'a pas de version", entry.value, todo="Écrivez version = \"1.0\" dans la classe.")
