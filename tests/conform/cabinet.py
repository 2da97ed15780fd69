"""A cabinet of the stage that joins the partner whom the kit plays, as an operator and an administrator do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plp_conform.against_platform.partner import make_sheet
from plp_conform.driving import Drive
from plp_conform.model import Side
from plp_conform.target import Target
from tests.interop import book
from tests.interop.joining import Joining
from tests.stage import PASSWORD
from tests.stage import Person
from tests.stage import Stage
from tests.stage import free_port


class Handed:
    """What `Joining` asks of a partner: its sheet, and where the platform's is handed over."""

    def __init__(self, folder: Path, sheet: dict[str, Any]) -> None:
        self.platform_file, self.sheet = folder / "platform.json", sheet

    @property
    def platform(self) -> dict[str, Any]:
        given: dict[str, Any] = json.loads(self.platform_file.read_text("utf-8"))
        return given

    def seen(self, _: str) -> list[str]:
        """The kit itself waits for what comes."""
        return ["the kit looks"]


class ByHand(Drive):
    """The administrator's part: enrolled, filled, sent; the code read off the PDF."""

    def __init__(self, joining: Joining) -> None:
        super().__init__()
        object.__setattr__(self, "joining", joining)
        object.__setattr__(self, "printed", "")

    joining: Joining
    printed: str

    def can(self, operation: str) -> bool:
        return operation in ("dispatch", "code")

    def do(self, operation: str, **values: Any) -> Any:
        if operation == "dispatch":
            self.joining.boss = Person(self.joining.stage, self.joining.administrator)
            self.joining.enrol()
            object.__setattr__(self, "printed", self.joining.fill())
            self.joining.dispatch(self.printed)
        return self.printed


def target(stage: Stage, folder: Path, slug: str = "conformite", played: Mapping[str, Any] | None = None) -> Target:
    """A new cabinet, as its target file says."""
    who = {
        "port": free_port(), "state": str(folder / "state.json"), "partner_id": "nomineo", "name": "Conformité PLP",
        **(played or {}),
    }  # fmt: skip
    handed = Handed(folder, make_sheet(who))
    joining = Joining(stage, handed, slug)  # type: ignore[arg-type]
    joining.open_cabinet()
    joining.register()
    account = Person(stage, joining.adviser).account(book.NUMBER)
    pages = {
        "sign_in": f"{stage.web}/connexion", "fields": {"email": joining.adviser, "password": PASSWORD},
        "acts": f"{stage.web}/liens/nomineo/comptes/{account}/actes", "launch": "Arbitrage",
    }  # fmt: skip
    return Target(Side.PLATFORM, handed.platform, who, {}, pages, ByHand(joining), "Cabinet de conformité")
