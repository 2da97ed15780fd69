"""The demonstration's share of Nominéo: the simulated extranet, registered and activated by the real protocol."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from core.api import demo
from core.api import mandates
from core.api.db import today
from plugins.nomineo import mandate

SIMULATOR = "plugins.nomineo.simulator"
PLUGIN = "nomineo"
CABINET = "demo"
#: It has not asked for its mandate yet: its icons say how to activate.
OTHER_CABINET = "second"
BROKER_CODE = "GP-20417"


class NomineoDemo:
    """What `encours demo` runs beside the web server and the worker."""

    def __init__(self) -> None:
        self.port = os.environ.get("EXTRANET_PORT", "8010")
        # Another site to the browser: ports of one host share cookies (PLP-113).
        self.url = os.environ.get("EXTRANET_URL", f"http://localhost:{self.port}")

    def prepare(self, folder: Path) -> None:
        """The extranet's own book; each side's sheet is handed to the other; the mandate is filled and sent."""
        self._simulator(folder, "init")
        platform = folder / "plateforme.json"
        if platform.exists():
            return
        sheet = json.loads(self._simulator(folder, "sheet"))
        made = demo.join_partner(CABINET, PLUGIN, sheet, broker_code=BROKER_CODE, paper=_filled)
        demo.enable(OTHER_CABINET, PLUGIN, sheet)
        platform.write_text(json.dumps(made.sheet, ensure_ascii=False), "utf-8")
        (folder / "mandat.json").write_text(json.dumps({"mandate": made.mandate, "code": made.code}), "utf-8")
        self._simulator(folder, "register", str(platform))

    def programs(self, folder: Path) -> list[demo.Program]:
        """The extranet's process."""
        command = [sys.executable, "-m", SIMULATOR, "serve"]
        return [demo.Program("extranet", command, f"{self.url}/", self._environment(folder))]

    def join(self, folder: Path) -> None:
        """The company's clerk receives the paper and types its code; the hooks then activate the mandate here.

        Raises `RuntimeError` where it is not active within two minutes: longer than a partner's breaker stays open.
        """
        mandate = json.loads((folder / "mandat.json").read_text("utf-8"))
        limit = time.monotonic() + 120
        while time.monotonic() < limit:
            done = self._run(folder, "activate", mandate["mandate"], "--code", mandate["code"])
            if done.returncode == 0 or demo.wait_active(CABINET, PLUGIN, seconds=0.5):
                break  # until then the worker has not handed the mandate over yet
        if not demo.wait_active(CABINET, PLUGIN, seconds=max(1.0, limit - time.monotonic())):
            raise RuntimeError("le mandat Nominéo n'est pas encore actif : ses icônes le diront. Relancez la démonstration.")

    def addresses(self) -> list[tuple[str, str]]:
        """Where the extranet and its back office are."""
        return [("Extranet Nominéo (simulé)", self.url), ("Back office simulé", f"{self.url}/back-office")]

    def _simulator(self, folder: Path, *words: str) -> str:
        done = self._run(folder, *words)
        if done.returncode != 0:
            raise RuntimeError(f"l'extranet simulé n'a pas pu exécuter «{words[0]}» : {done.stderr.strip()}")
        return done.stdout

    def _run(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", SIMULATOR, *words],
            env={**os.environ, **self._environment(folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self, folder: Path) -> dict[str, str]:
        token = folder / "extranet.token"
        if not token.exists():
            token.write_text(secrets.token_urlsafe(24), "utf-8")
        made: dict[str, Any] = {
            "EXTRANET_PORT": self.port,
            "EXTRANET_URL": self.url,
            "EXTRANET_DB": str(folder / "extranet.sqlite"),
            "EXTRANET_SIM_TOKEN": os.environ.get("EXTRANET_SIM_TOKEN") or token.read_text("utf-8"),
        }
        return made


def _filled(paper: mandates.Paper) -> demo.Paper:
    """The mandate as a cabinet fills it on screen."""
    code = mandates.new_code()
    values = {
        "broker_code": BROKER_CODE,
        "representative": "Anne Keller",
        "quality": "Gérante",
        "email": "administrateur@demo.example",
        "phone": "02 40 00 00 00",
        "place": "Nantes",
        "signed_on": today(),
    }
    return demo.Paper(mandate.FORM.make(paper, code=code, values=values), code)
