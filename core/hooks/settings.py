"""A plugin's settings: its marshmallow schema gives defaults, checks and types; the installation's go before those, the
cabinet's before these, and a person's before all, where a field lets them (architecture.md §4)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from weakref import WeakKeyDictionary

from marshmallow import Schema
from marshmallow import ValidationError
from sqlalchemy import select

from core import config
from core.cabinets import audit
from core.cabinets.models import PluginSettings
from core.cabinets.models import PluginUserSettings
from core.db.session import TenantSession
from core.hooks import scopes
from core.hooks import setting_secrets
from core.hooks.scopes import Scope
from core.hooks.secret import Secret
from core.hooks.specs import Plugin

_log = logging.getLogger("encours.plugins")
_readers: WeakKeyDictionary[Plugin, Schema] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Stored:
    """A plugin's settings as a cabinet or a person stored them: raw values, the plugin's `settings_version` that wrote them,
    and of each secret who kept it when."""

    values: Mapping[str, Any]
    version: int = 1
    secrets: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a cabinet stored of a plugin's settings, and what one person did."""

    cabinet_id: int
    cabinet: Stored | None = None
    person: Stored | None = None
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds. `set_by`: name → the scope that decides it; a name that is not there has its default.

    `secrets`: marks of those kept in the narrowest scope asked for. `lost`: names of its values that this version cannot read.
    """

    values: Mapping[str, Any]
    set_by: Mapping[str, Scope]
    secrets: Mapping[str, Any] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    def own(self, scope: Scope) -> tuple[str, ...]:
        """The names that a scope decides."""
        return tuple(name for name, by in self.set_by.items() if by == scope)


def installed(plugin: Plugin) -> Mapping[str, Any]:
    """What the operator set for all cabinets, typed; a value that the schema refuses is left out."""
    if plugin.settings_schema is None:
        return {}
    given = _installation(plugin)
    loaded, bad = _loaded(plugin, [given])
    return {name: loaded[name] for name in given if name not in bad[0]}


def faults(plugin: Plugin) -> dict[str, str]:
    """What is wrong in the operator's settings for a plugin, by name: told at the start, to the operator."""
    given = config.current().plugins.get(plugin.name, {})
    if plugin.settings_schema is None:
        return dict.fromkeys(given, "ce module n'a pas de réglage")
    known = scopes.settable(plugin, "installation")
    every = {name for scope in scopes.ORDER for name in scopes.settable(plugin, scope)}
    wrong = {name: "ce réglage n'est pas de ceux de l'installation" for name in given if name in every and name not in known}
    rest = {name: one for name, one in given.items() if name not in wrong}
    try:
        plugin.settings_schema(unknown="raise").load(rest, partial=True)
    except ValidationError as error:
        wrong |= {name: str(found[0]) for name, found in error.messages_dict.items()}
    return wrong


def typed(plugin: Plugin, kept: Kept | None) -> Mapping[str, Any]:
    """What the plugin gets."""
    return _settled(plugin, kept, "user").values


def read(session: TenantSession, plugin: Plugin, *, user_id: str = "") -> Settings:
    """What holds for the session's cabinet; with `user_id`, for that person."""
    own = _row_of(session, plugin, user_id) if user_id else None
    kept = Kept(session.require_cabinet(), _row_of(session, plugin), own, user_id)
    return _settled(plugin, kept, "user" if user_id else "cabinet")


def save(session: TenantSession, plugin: Plugin, values: Mapping[str, Any], *, actor: str) -> None:
    """Store the cabinet's values. A secret that is not given, or is empty, stays as it is.

    Raises marshmallow's `ValidationError` for what the schema refuses.
    """
    _save(session, plugin, values, actor, "")


def save_own(session: TenantSession, plugin: Plugin, values: Mapping[str, Any], *, user_id: str) -> None:
    """Store what a person wants otherwise than the cabinet: a value that is the cabinet's is not kept, it follows it.

    Raises marshmallow's `ValidationError` for what the schema refuses.
    """
    _save(session, plugin, values, user_id, user_id)


def forget(session: TenantSession, plugin: Plugin, *, actor: str) -> None:
    """The cabinet's own values go: the installation's hold for it again, and follow when they change. Secrets stay."""
    _write(session, plugin, {}, actor)


def forget_own(session: TenantSession, plugin: Plugin, names: Iterable[str], *, user_id: str) -> None:
    """The cabinet's values hold for a person again."""
    row = _row(session, plugin, user_id)
    gone = set(names)
    _write(session, plugin, {name: one for name, one in row.values.items() if name not in gone}, user_id, user_id)


def erase(session: TenantSession, plugin: Plugin, name: str, *, actor: str, user_id: str = "") -> bool:
    """Delete a secret of the cabinet, or of a person, for good; whether there was one."""
    row = _row(session, plugin, user_id)
    if name not in row.secrets:
        return False
    row.secrets = {other: mark for other, mark in row.secrets.items() if other != name}
    setting_secrets.erase(session, plugin.name, name, user_id=user_id)
    audit.record(session, actor, "plugin.secret_erased", f"plugin:{plugin.name}", _told(name, user_id))
    return True


def overrides(session: TenantSession, plugin: Plugin, active: Iterable[str]) -> dict[str, int]:
    """How many of these people have a value of their own, by the setting's name."""
    people, found = set(active), dict[str, int]()
    rows = session.execute(
        select(PluginUserSettings.user_id, PluginUserSettings.values, PluginUserSettings.secrets)
        .where(PluginUserSettings.plugin == plugin.name)
    )  # fmt: skip
    allowed = frozenset(scopes.settable(plugin, "user"))
    for row in rows:
        for name in allowed & {*row.values, *row.secrets} if row.user_id in people else ():
            found[name] = found.get(name, 0) + 1
    return found


def _save(session: TenantSession, plugin: Plugin, values: Mapping[str, Any], actor: str, user_id: str) -> None:
    assert plugin.settings_schema is not None, f"{plugin.name} has no settings"
    scope: Scope = "user" if user_id else "cabinet"
    row, names, hidden = _row(session, plugin, user_id), scopes.settable(plugin, scope), scopes.secret(plugin)
    beneath = read(session, plugin) if user_id else None
    # What is not this scope's to set is checked along with it: a rule over two fields sees both. What a person does not
    # send stays; what a cabinet does not send has its default, but for a secret, its own or the installation's.
    whole = dict(read(session, plugin, user_id=user_id).values)
    others = {*whole} if user_id else {*whole} - {*names} | {*whole} & hidden
    given = {name: values[name] for name in names if name in values and not (name in hidden and values[name] in ("", None))}
    schema = plugin.settings_schema()
    checked = schema.load({**_raw(plugin, whole, others), **given}, unknown="exclude")
    dumped = schema.dump(checked)
    wanted = {name: dumped[name] for name in names if name not in hidden}
    if beneath is not None:
        usual = schema.dump(beneath.values)
        wanted = {name: one for name, one in wanted.items() if one != usual.get(name)}
    _write(session, plugin, wanted, actor, user_id)
    for name in names:
        if name in hidden and name in given:
            mark = setting_secrets.seal(session, plugin.name, name, checked[name], user_id=user_id, actor=actor)
            row.secrets = {**row.secrets, name: mark}
            audit.record(session, actor, "plugin.secret_kept", f"plugin:{plugin.name}", _told(name, user_id))


def _raw(plugin: Plugin, values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """Typed values as the schema reads them; a secret stays the object that it is."""
    assert plugin.settings_schema is not None
    dumped = plugin.settings_schema().dump(values)
    found = {name: values[name] if isinstance(values[name], Secret) else dumped.get(name) for name in names if name in values}
    return {name: one for name, one in found.items() if one is not None}


def _told(name: str, user_id: str) -> dict[str, Any]:
    """What the journal holds of a secret: which, and whose. Never what it is."""
    return {"setting": name, **({"user": user_id} if user_id else {})}


def _row(session: TenantSession, plugin: Plugin, user_id: str = "") -> PluginSettings | PluginUserSettings:
    """The row of a cabinet or person; a new one where there is none."""
    row: PluginSettings | PluginUserSettings | None
    if user_id:
        mine = (PluginUserSettings.plugin == plugin.name, PluginUserSettings.user_id == user_id)
        row = session.scalar(select(PluginUserSettings).where(*mine))
        made: PluginSettings | PluginUserSettings = row or PluginUserSettings(
            plugin=plugin.name, user_id=user_id, values={}, secrets={}, version=plugin.settings_version
        )
    else:
        row = session.scalar(select(PluginSettings).where(PluginSettings.plugin == plugin.name))
        made = row or PluginSettings(plugin=plugin.name, values={}, secrets={}, version=plugin.settings_version)
    if row is None:
        session.add(made)
    return made


def _row_of(session: TenantSession, plugin: Plugin, user_id: str = "") -> Stored | None:
    if user_id:
        mine = (PluginUserSettings.plugin == plugin.name, PluginUserSettings.user_id == user_id)
        asked = select(PluginUserSettings.values, PluginUserSettings.version, PluginUserSettings.secrets).where(*mine)
    else:
        asked = select(PluginSettings.values, PluginSettings.version, PluginSettings.secrets).where(
            PluginSettings.plugin == plugin.name
        )
    row = session.execute(asked).first()
    return Stored(row.values, row.version, row.secrets) if row is not None else None


def _write(session: TenantSession, plugin: Plugin, values: dict[str, Any], actor: str, user_id: str = "") -> None:
    row = _row(session, plugin, user_id)
    before, row.values, row.version = dict(row.values), values, plugin.settings_version
    session.flush()
    if before == values:
        return
    payload = {"before": before, "after": values}
    if user_id:
        audit.record(session, actor, "plugin.own_settings", f"plugin:{plugin.name}", payload)
    else:
        audit.record(session, actor, "plugin.settings", f"plugin:{plugin.name}", payload)


def _installation(plugin: Plugin) -> dict[str, Any]:
    allowed = frozenset(scopes.settable(plugin, "installation"))
    return {name: one for name, one in config.current().plugins.get(plugin.name, {}).items() if name in allowed}


def _settled(plugin: Plugin, kept: Kept | None, until: Scope) -> Settings:
    """The layers put together, from the installation's to that of `until`."""
    order = scopes.ORDER[: scopes.ORDER.index(until) + 1]
    layers, lost = [_installation(plugin)], tuple[str, ...]()
    marks: Mapping[str, Any] = {}
    for scope in order[1:]:
        stored = None if kept is None else kept.person if scope == "user" else kept.cabinet
        layer, lost = _layer(plugin, kept, stored, scope) if kept is not None and stored is not None else ({}, ())
        layers.append(layer)
        marks = stored.secrets if stored is not None else {}
    values, faulty = _loaded(plugin, layers)
    decided: dict[str, Scope] = {}
    for scope, layer, bad in zip(order, layers, faulty, strict=True):
        decided |= dict.fromkeys((name for name in layer if name not in bad), scope)
    return Settings(values, decided, marks, tuple(dict.fromkeys([*lost, *faulty[-1]])))


def _layer(plugin: Plugin, kept: Kept, stored: Stored, scope: Scope) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What a scope stored, as this version means it, and which of it is lost."""
    own, lost = dict(stored.values), tuple[str, ...]()
    if own and stored.version < plugin.settings_version:
        try:
            own = plugin.migrate_settings(dict(own), stored.version)
        except Exception:  # a plugin's fault: its cabinet goes on with what can still be read
            _log.exception("%s could not read its settings of version %s", plugin.name, stored.version)
            lost = tuple(own)
    allowed, hidden = frozenset(scopes.settable(plugin, scope)), scopes.secret(plugin)
    person = kept.user_id if scope == "user" else ""
    kept_secrets = {
        name: setting_secrets.sealed(kept.cabinet_id, plugin.name, name, person)
        for name in stored.secrets
        if name in hidden and name in allowed
    }
    return {**{name: one for name, one in own.items() if name in allowed}, **kept_secrets}, lost


def _reader(plugin: Plugin, schema: type[Schema]) -> Schema:
    """Made once: asked for at every request, of every plugin."""
    known = _readers.get(plugin)
    if type(known) is not schema:
        known = _readers[plugin] = schema(unknown="exclude")
    return known


def _loaded(plugin: Plugin, layers: list[dict[str, Any]]) -> tuple[Mapping[str, Any], list[tuple[str, ...]]]:
    """The values typed, with defaults. One gone bad gives way to that of the layer beneath; the bad ones by layer."""
    if plugin.settings_schema is None:
        return {}, [() for _layer in layers]
    schema = _reader(plugin, plugin.settings_schema)
    left, bad = [dict(layer) for layer in layers], [list[str]() for _layer in layers]
    while True:
        merged = {name: one for layer in left for name, one in layer.items()}
        try:
            return dict(schema.load(merged)), [tuple(found) for found in bad]
        except ValidationError as error:
            wrong = [name for name in error.messages_dict if name in merged]
            if "_schema" in error.messages_dict and not wrong and merged:  # a rule over several: the topmost layer gives way
                wrong = list(next(layer for layer in reversed(left) if layer))
        if not wrong:  # a field without a default: the plugin does without it, as before it was ever set
            return dict(schema.load(merged, partial=True)), [tuple(found) for found in bad]
        for name in wrong:
            place = max(place for place, layer in enumerate(left) if name in layer)
            del left[place][name]
            bad[place].append(name)
