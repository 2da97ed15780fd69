"""Plugins that cannot be loaded, all at once: each named to the operator and to the administrator, the app up, no data changed.

The rest of issue 4's «Bad input» is held elsewhere: a migration that fails by test_plugin_tables.py, settings of an older
version by tests/core/hooks/test_settings.py, a theme that leaves its folder by tests/core/themes/test_themes.py, the token of
somebody who left by tests/core/rest/test_rules.py.
"""

from __future__ import annotations

from html import unescape
from pathlib import Path

from core.app import create_app
from core.cli.plugin_list import found
from core.extensions import db
from core.hooks.hub import Hub
from tests import databases
from tests.conftest import add_people
from tests.conftest import make_config
from tests.conftest import sign_in
from tests.contract import bancal
from tests.contract.scaffolds import change

#: Name → what both are told of it.
TOLD = {
    "casse": "RuntimeError à l'import : rien ne va",
    "futur": "il demande l'API >=9, celle-ci est la 1.0",
    "double": "«encours_double» porte le même nom que «autre_double», seul chargé : désinstallez l'un des deux",
    "autrement": "le nom du point d'entrée («autrement») et celui du plugin («ailleurs») diffèrent",
}


def sites(where: Path) -> list[Path]:
    """Their distributions, each in a folder of its own."""
    made = [bancal.write(where / "casse", plugin="casse", broken="raise RuntimeError('rien ne va')")]
    for name, line in (("futur", 'api = ">=9"'), ("autrement", 'name = "ailleurs"')):
        site = bancal.write(where / name, plugin=name)
        change(site / f"encours_{name}" / "plugin.py", "    def blueprint(self)", f"    {line}\n\n    def blueprint(self)")
        made.append(site)
    for distribution in ("encours_double", "autre_double"):
        site = bancal.write(where / distribution, plugin="double")
        meta = site / f"{distribution}-1.0.dist-info"
        (site / "encours_double-1.0.dist-info").rename(meta)
        (meta / "METADATA").write_text(bancal.METADATA.format(name=distribution), "utf-8")
        made.append(site)
    return made


def test_each_is_named_to_whom_it_concerns(tmp_path: Path) -> None:
    """PL-04, PL-05, PL-08: `encours plugin list` and `/healthz` for the operator, its list of modules for the cabinet."""
    config = make_config(tmp_path)
    databases.ready(config.database_url)
    with bancal.installed():
        before_them = create_app(config)
        add_people(before_them.extensions["encours_hub"], "demo")
        before_them.extensions["encours_hub"].close()
    kept = databases.rows(config.database_url)
    with bancal.installed(*sites(tmp_path / "sites")):
        app = create_app(config)
        hub: Hub = app.extensions["encours_hub"]
        assert databases.rows(config.database_url) == kept, "a start writes nothing"
        client = app.test_client()
        told = client.get("/healthz").get_json()
        assert (told["database"], told["migrations"]) == ("ok", "ok")
        assert sorted(told["plugins"]["broken"]) == sorted(TOLD)
        assert {one.name: one.reason for one in found(hub.registry, None) if one.state == "en panne"} == TOLD
        sign_in(client, "administrateur@demo.example")
        page = unescape(client.get("/administration/modules").get_data(as_text=True))
        for text in TOLD.values():
            assert text in page
        page = unescape(client.get("/administration/modules/futur").get_data(as_text=True))
        assert "Ce module n'a pas pu être chargé" in page
        assert client.get("/p/contacts/").status_code == 200
        assert client.get("/p/futur/").status_code == 404
        hub.close()
    db.close()
    changed = {name for name, rows in databases.rows(config.database_url).items() if rows != kept[name]}
    assert changed <= {"session", "user_login", "device", "sign_in_attempts", "audit_entry", "audit_payload"}, changed
