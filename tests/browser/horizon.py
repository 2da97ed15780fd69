"""The second partner on a stage: its plugin as installed, its extranet by SAML as a process, a cabinet joined to it.

`python -m tests.browser.horizon SHEET` is what an operator and an administrator do on the stage's data: it prints our sheet,
the mandate and the code on its paper.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from core.accounts import services as accounts
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.api import demo
from core.api import mandates
from core.api.partner import PrintedMandate
from core.app import create_app
from core.cabinets import services as cabinets
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.extensions import db
from core.hooks import enabling
from core.supports import services as supports
from tests.contract.scaffolds import META
from tests.stage import PASSWORD
from tests.stage import Stage
from tests.stage import free_port
from tests.stage import until

ROOT = Path(__file__).parent.parent.parent
SLUG = "horizon"
ADVISER, BOSS = f"conseiller@{SLUG}.example", f"administrateur@{SLUG}.example"
#: A contract of the simulated extranet's book.
NUMBER = "HIM0012345"
BROKER = "GP-20417"


def laid(site: Path) -> Path:
    """The example distribution with the metadata that pip writes."""
    source = ROOT / "examples" / "horizon"
    shutil.copytree(source / "encours_horizon", site / "encours_horizon", ignore=shutil.ignore_patterns("__pycache__"))
    meta = site / "encours_horizon-0.1.0.dist-info"
    meta.mkdir()
    readme = (source / "README.md").read_text("utf-8")
    meta.joinpath("METADATA").write_text(META.format(name="horizon", readme=readme), "utf-8")
    meta.joinpath("entry_points.txt").write_text("[encours.plugins]\nhorizon = encours_horizon.plugin:HorizonPlugin\n", "utf-8")
    return site


class Extranet:
    """The simulated extranet of Horizon Vie, which people reach by SAML."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        port = free_port()
        self.url = f"http://localhost:{port}"
        self.env = {
            **stage.env, "EXTRANET_PORT": str(port), "EXTRANET_URL": self.url, "EXTRANET_DB": str(folder / "horizon.sqlite"),
            "EXTRANET_PARTNER_ID": "horizon", "EXTRANET_PARTNER_NAME": "Horizon Vie", "EXTRANET_BINDING": "saml2-sp",
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str, ok: bool = True) -> str:
        """One of its commands; what it said."""
        done = self._run([sys.executable, "-m", "plugins.nomineo.simulator", *words], self.env)
        assert done.returncode == 0 or not ok, done.stderr
        return done.stdout if done.returncode == 0 else ""

    def join(self) -> dict[str, Any]:
        """Sheets are exchanged, the mandate goes by the worker, the clerk types the code of the paper; it is active."""
        self.command("init")
        sheet = self.folder / "horizon.json"
        sheet.write_text(self.command("sheet"), "utf-8")
        words = [sys.executable, "-m", "tests.browser.horizon", str(sheet)]
        done = self._run(words, {**self.stage.env, **self.stage.settings()})
        assert done.returncode == 0, done.stderr
        joined: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        ours = self.folder / "plateforme-horizon.json"
        ours.write_text(json.dumps(joined["sheet"]), "utf-8")
        self.command("register", str(ours))
        with (self.folder / "horizon.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "plugins.nomineo.simulator", "serve"], env=self.env, cwd=ROOT, stdout=log, stderr=log
            )
        activate = ("activate", joined["mandate"], "--code", joined["code"])
        until(lambda: self.command(*activate, ok=False) or self._active(), seconds=60, every=0.5)
        until(self._active, seconds=60, every=0.5)
        return joined

    def _active(self) -> bool:
        return self.stage.rows("SELECT state FROM link_mandate WHERE plugin = 'horizon'") == [("active",)]

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def _run(self, words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def _paper(form: PrintedMandate, paper: mandates.Paper) -> demo.Paper:
    """The common form, which says what SAML adds, as a cabinet fills it on screen."""
    code = mandates.new_code()
    values = {
        "broker_code": BROKER, "representative": "Anne Keller", "quality": "Gérante", "email": BOSS,
        "phone": "", "place": "Nantes", "signed_on": today(),
    }  # fmt: skip
    return demo.Paper(form.make(paper, code=code, values=values), code)


def main(sheet: Path) -> None:
    """On the stage's data: a cabinet with two people and one contract at Horizon Vie, then the joining."""
    hub = create_app().extensions["encours_hub"]
    with db.session(None) as session:
        cabinet = cabinets.add_cabinet(session, slug=SLUG, name="Cabinet Horizon", siren="732829320", orias="07000123").id
        enabling.enable_defaults(session, hub.registry, actor="cli")
    with db.session(cabinet) as session:
        adviser = cabinets.add_user(session, email=ADVISER, display_name="Marc Diallo", role="CONSEILLER", password=PASSWORD).id
        cabinets.add_user(session, email=BOSS, display_name="Anne Keller", role="ADMINISTRATEUR", password=PASSWORD)
        holder = contacts.create(
            session, "cli", NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name="Durand", first_names="Jeanne")
        )
        contacts.follow(session, "cli", holder, adviser)
        company = supports.company_for(session, "horizon-vie", name="Horizon Vie")
        roles = [Role(holder, "SOUSCRIPTEUR")]
        accounts.create(session, "cli", NewAccount("ASSURANCE_VIE", NUMBER, "Horizon Patrimoine", company, roles))
    form = hub.registry.plugins["horizon"].partnership.form
    theirs = json.loads(sheet.read_text("utf-8"))
    made = demo.join_partner(SLUG, "horizon", theirs, broker_code=BROKER, paper=partial(_paper, form))
    print(json.dumps({"sheet": made.sheet, "mandate": made.mandate, "code": made.code}, ensure_ascii=False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
