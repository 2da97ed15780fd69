"""What a person does on the pages, once, for all browser tests; and the partner's side of a status."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.stage import Person
from tests.stage import Stage

EXTRANET = "Extranet Nominéo (simulé)"


def awake(page: Page) -> Callable[[float], None]:
    """A pause in which the browser's events, and so the test's own answers to requests, come through."""
    return lambda seconds: page.wait_for_timeout(seconds * 1000)


def icon(page: Page, number: str) -> Locator:
    """The partner's icon of an account, where scripts run."""
    return page.get_by_role("button", name=f"Actions Nominéo, compte {number}")


def open_list(page: Page, number: str) -> Locator:
    """Click the icon and wait for the acts; the popover."""
    icon(page, number).click()
    shown = page.get_by_role("dialog")
    expect(shown.locator("[data-item]").first).to_be_visible(timeout=8000)
    return shown


def labels(shown: Locator) -> list[str]:
    """The acts of a list, in its order, without the link to the contract."""
    found = [" ".join(text.replace("nouvel onglet", "").split()) for text in shown.locator("[data-item]").all_inner_texts()]
    return [label for label in found if label != "Consulter le contrat"]


def to_account(page: Page, stage: Stage, number: str, tab: str = "") -> None:
    """The account's page, by the list, as one gets there."""
    page.goto(f"{stage.web}/p/portefeuille/comptes?q={number}")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    if tab:
        page.get_by_role("navigation", name="Pages du compte").get_by_role("link", name=tab).click()
        expect(page.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")


def on_contract(extranet: Page, stage: Stage, spelled: str, *, adviser: str = "Marc Diallo") -> None:
    """The partner's page shows this contract to this adviser, who typed no password."""
    expect(extranet.get_by_role("heading", name=EXTRANET)).to_be_visible(timeout=10000)
    assert extranet.url.startswith(stage.extranet)
    expect(extranet.get_by_text(adviser).first).to_be_visible()
    expect(extranet.get_by_text(spelled).first).to_be_visible()


def spelled(number: str) -> str:
    """A contract number as the partner writes it."""
    return f"{number[:3]} {number[3:6]} {number[6:9]}-{number[9]}"


def begin(marc: Person, number: str, act: str) -> requests.Response:
    """Launch an act and enter it, as the browser would, without one; the partner's act page."""
    token = marc.tokens(marc.acts(marc.account(number)).text)[act]
    return marc.enter(marc.launch(token).text)


def decide(stage: Stage, account_id: str, status: str, reason: str | None = None) -> None:
    """The partner's word on the newest transaction of an account."""
    wanted = 'SELECT reference FROM "transaction" WHERE account_id = ? AND plugin IS NOT NULL ORDER BY created_at DESC'
    reference = stage.rows(wanted, account_id)[0][0]
    stage.sim("POST", f"/transactions/{reference}/status", status=status, **({"reason": reason} if reason else {}))


def poll(stage: Stage) -> str:
    """One polling round, by the command an operator would use; what it printed."""
    environ = Path(f"/proc/{stage.pids('worker')[0]}/environ").read_bytes().decode()
    env = {**os.environ, **dict(re.findall(r"(ENCOURS_\w+)=([^\0]*)", environ))}
    command = [sys.executable, "-m", "core.cli", "partner", "poll", "--cabinet", "demo"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
