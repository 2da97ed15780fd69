"""What the checks of a partner share: the played platforms, joined as far as a check needs, no further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plp_conform import calling
from plp_conform import driving
from plp_conform.against_partner.platform import CODE
from plp_conform.against_partner.platform import TOKEN
from plp_conform.against_partner.platform import Platform
from plp_conform.serving import Incoming
from plp_conform.serving import Reply
from plp_conform.serving import Server
from plp_conform.target import Target
from plp_conform.trial import Unverified


class Bench:
    """Of one run. `platform` is registered, its mandate active; made when first asked for."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.sheet: Mapping[str, Any] = target.sheet
        self.drive = target.drive
        played = target.played
        #: Seconds that a notification is waited for.
        self.patience = float(played.get("patience_s", 8.0))
        self.server = Server(played.get("host", "127.0.0.1"), int(played.get("port", 0)), played.get("public"))
        self.server.route("POST", TOKEN, self._token)
        self.platforms: list[Platform] = []
        self._kept: dict[str, Platform | Exception] = {}

    def close(self) -> None:
        self.server.close()

    @property
    def binding(self) -> str:
        """How this partner's extranet is opened."""
        return self.target.binding

    # --- platforms --------------------------------------------------------------------------------------------------

    def new(self, *, broker_code: str | None = None, scopes: list[str] | None = None) -> Platform:
        """A platform that the partner does not know yet."""
        code = broker_code or self.book("broker_code")
        acts = [f"launch:{item['code']}" for item in self.sheet.get("actions", ()) if isinstance(item, dict)]
        given = scopes if scopes is not None else ["capabilities", "status", *dict.fromkeys(acts)]
        made = Platform(self.server, self.sheet, broker_code=code, scopes=given, patience=self.patience)
        self.platforms.append(made)
        return made

    def registered(self, **changes: Any) -> Platform:
        """A new one whose sheet the partner has."""
        made = self.new(**changes)
        self.do("register", sheet=made.sheet())
        return made

    def active(self, **changes: Any) -> Platform:
        """A new one whose mandate is active."""
        return self.join(self.new(**changes))

    def join(self, made: Platform) -> Platform:
        """Its sheet handed over, its mandate active."""
        self.do("register", sheet=made.sheet())
        answer = made.put()
        if answer.status not in (200, 202):
            raise Unverified(f"le mandat n'est pas reçu par le partenaire (HTTP {answer.status})\u202f: rien à vérifier au-delà")
        self.do("receive", mandate=made.mandate)
        self.do("activate", mandate=made.mandate, code=CODE)
        return made

    @property
    def platform(self) -> Platform:
        """The one that most checks use: known, active, its right requests are taken."""
        return self._once("platform", self._checked)

    @property
    def other(self) -> Platform:
        """A second one, active too: what is the first's is foreign to it."""
        return self._once("other", self.active)

    def _checked(self) -> Platform:
        made = self.active()
        answer = made.look()
        if answer.status != 200:
            raise Unverified(f"une demande juste est refusée (HTTP {answer.status})\u202f: les refus ne prouveraient rien")
        return made

    def _once(self, name: str, make: Any) -> Platform:
        if name not in self._kept:
            try:
                self._kept[name] = make()
            except (Unverified, driving.DriveFailed, calling.Away) as error:
                self._kept[name] = error
        found = self._kept[name]
        if isinstance(found, Exception):
            raise found
        return found

    # --- the target file --------------------------------------------------------------------------------------------

    def do(self, operation: str, **values: Any) -> Any:
        """By the declared way (`Drive`)."""
        return self.drive.do(operation, **values)

    def book(self, name: str) -> str:
        """A fact of the partner's book that the target file tells. Raises `Unverified` where it does not."""
        found = self.target.book.get(name)
        if not isinstance(found, str) or not found:
            raise Unverified(f"le fichier cible ne donne pas book.{name}")
        return found

    @property
    def scheme(self) -> str:
        """How accounts are named."""
        return str((self.sheet.get("account_schemes") or ["contract-number"])[0])

    def move_clock(self, seconds: int) -> None:
        """The partner's clock and the played platforms' with it."""
        self.do("clock", offset_s=seconds)
        for one in self.platforms:
            one.skew = seconds

    # --- the token endpoint, shared by all issuers (PLP-015) --------------------------------------------------------

    def _token(self, incoming: Incoming) -> Reply:
        code = dict(incoming.form()).get("code", "")
        for one in self.platforms:
            if code in one.tokens:
                return one.tokens[code](incoming)
        return Reply.json({"error": "invalid_grant"}, 400, Cache_Control="no-store")
