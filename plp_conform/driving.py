"""What PLP leaves to people and a run must have done all the same: by Annex-B test interface, or by declared commands.

Each way is declared in the target file. What is not declared is not done: the checks that need it are «non vérifié».
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from plp_conform import calling
from plp_conform import wire
from plp_conform.trial import Unverified

#: Operation → method and path of the test interface. `{…}` are filled from the values; the rest is the JSON body.
_SIM: Mapping[str, tuple[str, str]] = {
    "register": ("POST", "/registrations"),
    "receive": ("POST", "/mandates/{mandate}/receive"),
    "activate": ("POST", "/mandates/{mandate}/activate"),
    "return": ("POST", "/mandates/{mandate}/return"),
    "refuse": ("POST", "/mandates/{mandate}/refuse"),
    "suspend": ("POST", "/mandates/{mandate}/suspend"),
    "revoke": ("POST", "/mandates/{mandate}/revoke"),
    "status": ("POST", "/transactions/{ref}/status"),
    "flush": ("POST", "/hooks/flush"),
    "clock": ("POST", "/clock"),
    "rotate": ("POST", "/keys/rotate"),
}
#: What each operation is for, in the report.
WORDS: Mapping[str, str] = {
    "register": "faire enregistrer la fiche d'une plateforme",
    "receive": "faire réceptionner le mandat papier",
    "activate": "faire saisir le code du mandat",
    "return": "faire renvoyer un mandat",
    "refuse": "faire refuser un mandat",
    "suspend": "faire suspendre un mandat",
    "revoke": "faire révoquer un mandat",
    "status": "faire changer le statut d'une transaction",
    "flush": "faire partir les notifications en attente",
    "clock": "avancer l'horloge du partenaire",
    "rotate": "faire changer le partenaire de clé",
}


class DriveFailed(Exception):
    """The declared way was taken, and it did not work."""


@dataclass(frozen=True, slots=True)
class Drive:
    """`sim`, `token`: the test interface; `commands`: operation → words, run with the values as JSON on their input."""

    sim: str | None = None
    token: str | None = None
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    without: Sequence[str] = ()

    def can(self, operation: str) -> bool:
        """Whether a way is declared."""
        return operation in self.commands or (self.sim is not None and operation not in self.without)

    def do(self, operation: str, **values: Any) -> Any:
        """Have it done; what was answered. Raises `Unverified` where no way is declared, `DriveFailed` where it failed."""
        if operation in self.commands:
            return self._command(operation, values)
        if self.sim is None or operation in self.without:
            raise Unverified(f"le fichier cible ne dit pas comment {WORDS[operation]} ([drive])")
        method, path = _SIM[operation]
        names = {name for name in values if f"{{{name}}}" in path}
        body = values["sheet"] if operation == "register" else {k: v for k, v in values.items() if k not in names}
        answer = calling.call(
            method, self.sim.rstrip("/") + path.format(**values), headers={"Content-Type": "application/json", **self._token()},
            body=wire.dump(body).encode() if body else b"",
        )  # fmt: skip
        if answer.status >= 300:
            raise DriveFailed(f"{WORDS[operation]}\u202f: HTTP {answer.status} {answer.text[:200]}")
        return answer.json()

    def _token(self) -> dict[str, str]:
        return {"X-Sim-Token": self.token} if self.token else {}

    def _command(self, operation: str, values: Mapping[str, Any]) -> Any:
        plain = {name: value for name, value in values.items() if isinstance(value, str | int | float)}
        words = [word.format(**plain) for word in self.commands[operation]]
        done = subprocess.run(  # noqa: S603 - the words are the operator's own, from the target file
            words, input=json.dumps(values, ensure_ascii=False), capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode != 0:
            raise DriveFailed(f"{WORDS[operation]}\u202f: {words[0]} a rendu {done.returncode}\u202f: {done.stderr[:200]}")
        try:
            return json.loads(done.stdout)
        except ValueError:
            return None
