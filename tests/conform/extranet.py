"""The simulated extranet in this process, from its own folder or from a copy of it that was changed."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import shutil
import sys
import threading
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler
from werkzeug.serving import make_server

from plp_conform.driving import Drive
from plp_conform.model import SAML_SP
from plp_conform.model import Side
from plp_conform.target import Target
from tests.stage import free_port

SOURCE = Path(__file__).parent.parent.parent / "plugins" / "nomineo" / "simulator"
TOKEN = "jeton-de-conformite"
#: What the target file of the simulated extranet says of its book.
BOOK = {
    "broker_code": "GP-20417", "account": "HIM0012345", "act": "arbitrage", "other_account": "HIM0100001",
    "closed_account": "XAE0022091", "closed_act": "rachat_partiel", "foreign_account": "HIM0088888",
}  # fmt: skip
#: A second company, whose binding is saml2-sp.
SAML = {"partner_id": "horizon", "partner_name": "Horizon Vie", "binding": SAML_SP}
PAGES = {"abandon": "Abandonner"}


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:  # type: ignore[override]
        """What came is in the kit's report."""


class Extranet:
    """Serves until `stop`. `package`: the import name of the code to serve; `filled`: a database made before."""

    def __init__(
        self, folder: Path, package: str = "plugins.nomineo.simulator", filled: Path | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        port = free_port()
        if filled is not None:
            shutil.copy(filled, folder / "extranet.sqlite")
        modules = {
            name: importlib.import_module(f"{package}.{name}") for name in ("cli", "settings", "web", "world", "registrations")
        }
        given = modules["settings"].Settings(
            port=port, url=f"http://localhost:{port}", db=folder / "extranet.sqlite", sim_token=TOKEN,
            ladder=(0.0, *(0.2,) * 9), **(settings or {}),
        )  # fmt: skip
        world = modules["world"].open_world(given)
        modules["cli"].initialise(world)
        app: Any = modules["web"].create_app(world)
        with world.store.read() as connection:
            self.sheet: dict[str, Any] = modules["registrations"].own_sheet(connection, given, world.clock.now())
        self._sender = app.extensions["extranet_sender"]
        self._sender.start()
        self._server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.site = given.url

    def target(self, **changes: Any) -> Target:
        """As its target file says."""
        values: dict[str, Any] = {
            "book": BOOK, "pages": PAGES, "drive": Drive(f"{self.site}/_sim", TOKEN), "name": "Extranet simulé",
            "played": {"patience_s": 1.5}, **changes,
        }  # fmt: skip
        return Target(Side.PARTNER, self.sheet, **values)

    def stop(self) -> None:
        self._sender.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def copy_of_it(folder: Path, name: str, changes: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """A copy under an import name of its own; `changes`: file → (text that stands there once, its replacement), each."""
    place = folder / name
    shutil.copytree(SOURCE, place)  # with what is compiled: it holds for each file that is not changed
    for file, pairs in changes.items():
        text = (place / file).read_text("utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, f"{name}: {file} holds {text.count(old)} times: {old}"
            text = text.replace(old, new)
        (place / file).write_text(text, "utf-8")
    # By its place, not by the path of imports: nothing of it is left for another test's application to load.
    spec = importlib.util.spec_from_file_location(name, place / "__init__.py", submodule_search_locations=[str(place)])
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    logging.getLogger(name).setLevel(logging.CRITICAL)
    return name


def forget(name: str) -> None:
    """The copy's modules."""
    for module in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
        del sys.modules[module]
