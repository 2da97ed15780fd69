"""A third party's plugin as pip would install it, written into a folder; it misbehaves as it is told.

`installed` is the only door by which this process finds it: while its block lasts, every application made here loads it;
before and after, none does, whatever test made it and in what order.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Table

from core.db.model import Base

PLUGIN = '''"""Answers well, unless a file beside it names a hook and a fault."""

from __future__ import annotations

import sys
import threading

from markupsafe import Markup

from core.api import Plugin, hookimpl
from core.api.types import AccountAction, Badge, Cell, Column, ContactSection, Guard, Launch, Module, Partner, SettingsPage
from core.api.types import Step, TransactionType
from core.api.web import blueprint, signed_in

WILL = {"hook": "", "fault": ""}
FREE = threading.Event()
TOLD = []


class Odd(BaseException):
    """Neither an Exception nor SystemExit."""


def page():
    return "<p>Page du module Bancal</p>"


def obey(hook, good, item):
    if WILL["hook"] != hook:
        return good
    fault = WILL["fault"]
    raised = {"crash": ValueError("oups"), "exit": SystemExit(3), "interrupt": KeyboardInterrupt(), "odd": Odd("hors classe")}
    if fault in raised:
        raise raised[fault]
    if fault == "sleep":
        FREE.wait(30)
        return good
    if fault == "nowhere":
        return [_with(item, "p_bancal.absent", "endpoint")]
    if fault in ("type", "none", "text"):
        return {"type": 42, "none": None, "text": "du texte"}[fault]
    if fault == "many":
        return [item] * 501 if not isinstance(good, dict) else {str(number): item for number in range(20_001)}
    wrong = {"items": 42, "markup": None, "field": None}[fault]
    if wrong is None:
        wrong = _with(item, Markup("<b id=brut>brut</b>") if fault == "markup" else 3.5)
    return {"x": wrong} if isinstance(good, dict) else [wrong]


def _with(item, value, name=None):
    from dataclasses import fields, replace

    names = [field.name for field in fields(item)]
    return replace(item, **{name or next(name for name in ("label", "text", "key") if name in names): value})


class BancalPlugin(Plugin):
    name, title, version, weight = "bancal", "Bancal", "1.0", 1
    partner = Partner(code="bancal", label="Bancal", badge="B", companies=("COMPANY",))

    def blueprint(self):
        made = blueprint("bancal", __name__)
        made.add_url_rule("/", "index", signed_in(page))
        return made

    @hookimpl
    def modules(self, ctx):
        item = Module("bancal", "Module Bancal", "p_bancal.index")
        return obey("modules", [item], item)

    @hookimpl
    def contact_sections(self, ctx):
        item = ContactSection("general", "Page Bancal", "autres", "p_contacts.contact")
        return obey("contact_sections", [item], item)

    @hookimpl
    def settings_pages(self, ctx):
        item = SettingsPage("bancal", "Réglages Bancal", "p_bancal.index")
        return obey("settings_pages", [item], item)

    @hookimpl
    def account_badges(self, ctx, accounts):
        item = Badge("bancal", "B", "Bancal", "active")
        return obey("account_badges", {one.id: item for one in accounts if one.plugin == "bancal"}, item)

    @hookimpl
    def transaction_columns(self, ctx, transactions):
        item = Column("bancal", "Colonne Bancal", {one.id: Cell("bon") for one in transactions})
        return obey("transaction_columns", [item], item)

    @hookimpl
    def account_actions(self, ctx, account):
        item = AccountAction("acte_bancal", "Acte Bancal")
        return obey("account_actions", [item], item)

    @hookimpl
    def transaction_types(self, ctx, account):
        item = TransactionType("type_bancal", "Type Bancal", "other")
        return obey("transaction_types", [item], item)

    @hookimpl
    def transaction_guards(self, ctx, account, acts):
        return obey("transaction_guards", {}, Guard("warn", "local_policy", "Attention."))

    @hookimpl
    def on_event(self, ctx, event):
        TOLD.append(event)
        obey("on_event", None, None)
'''

METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"


def write(folder: Path, *, company: str = "aucune", plugin: str = "bancal", broken: str = "") -> Path:
    """Lay the distribution `encours_<plugin>` out in the folder; `broken` is what its module does when imported."""
    package, meta = folder / f"encours_{plugin}", folder / f"encours_{plugin}-1.0.dist-info"
    (package / "static").mkdir(parents=True)
    meta.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    source = PLUGIN.replace("COMPANY", company).replace("bancal", plugin).replace("Bancal", plugin.title())
    (package / "plugin.py").write_text(f"{broken}\n" if broken else source, "utf-8")
    (package / "static" / "marque.txt").write_text(f"fichier de {plugin}", "utf-8")
    (meta / "METADATA").write_text(METADATA.format(name=f"encours_{plugin}"), "utf-8")
    target = f"encours_{plugin}.plugin:{plugin.title()}Plugin"
    (meta / "entry_points.txt").write_text(f"[encours.plugins]\n{plugin} = {target}\n", "utf-8")
    return folder


@contextmanager
def installed(*sites: Path) -> Iterator[None]:
    """The distributions in these folders, found by their entry points while the block lasts, and only then.

    What they imported is taken out at the end as well: an application that was made in the block keeps its objects, and
    the next distribution of the same name, from another folder, is really read.
    """
    before, tables = _taken_out(), set(Base.metadata.tables)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for site in sites:
                patch.syspath_prepend(str(site))
            yield
    finally:
        _taken_out()
        sys.modules.update(before)
        for name in set(Base.metadata.tables) - tables:  # the next test's database has none of them
            _forget(Base.metadata.tables[name])


def _forget(table: Table) -> None:
    """Neither the table nor its class is walked over any more; whoever holds the class may go on with it.

    A bundled plugin's that was first met meanwhile stays.
    """
    mine = [mapper for mapper in Base.registry.mappers if mapper.local_table is table]
    if any(not mapper.class_.__module__.startswith("encours_") for mapper in mine):
        return
    Base.metadata.remove(table)
    for mapper in mine:
        Base.registry._managers.pop(mapper.class_manager, None)  # a weak reference, which lives till the next collection


def _taken_out() -> dict[str, ModuleType]:
    """The modules of distributions named `encours_…`, which this process knows no more."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("encours_")}
