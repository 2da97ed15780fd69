"""The configuration of one installation, read once from the environment and `encours.toml`.

Every value is listed here with what it is for. No secret has a default outside demo and tests.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from ipaddress import IPv4Network
from ipaddress import IPv6Network
from ipaddress import ip_address
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
LOGS = ("auto", "json", "text")
#: The word for a proxy that comes in by a Unix socket: it has no address.
SOCKET = "unix"


class ConfigError(Exception):
    """A value is missing or unsafe; the message says which and what to write instead."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. Names are those of the environment, lower-cased, without the prefix `ENCOURS_`."""

    #: Where people reach us: scheme, host, port, no trailing slash. http only on loopback.
    base_url: str = "http://127.0.0.1:8000"
    #: SQLite is embedded; PostgreSQL beyond one machine: postgresql://user:password@host/base, or ?host=/folder of a socket
    #: (install the extra `postgresql`).
    database_url: str = field(default="sqlite:///var/encours.sqlite", repr=False)
    #: PostgreSQL: the same base under the role that owns the tables (`encours_owner`), for `encours db upgrade` only; empty:
    #: `database_url` owns them. Web and worker need not know it: do not give it to them.
    owner_url: str = field(default="", repr=False)
    #: PostgreSQL: take for web and worker a role that owns the tables, or that policies do not bind. The second wall of
    #: tenancy then rests on nobody turning it off.
    one_role: bool = False
    #: Folder of what the program keeps on disk beside the database.
    var_dir: str = "var"
    #: Signs form tokens; 32 random bytes or more.
    secret_key: str = field(default="", repr=False)
    #: Wraps each cabinet's data key (PLP-111): 32 bytes in base64url.
    kek: str = field(default="", repr=False)
    #: Former `kek`s, comma separated: what they wrap is still read, until `encours secrets rotate` has gone over it.
    kek_old: str = field(default="", repr=False)
    #: Operator's list of allowed plugins, comma separated; empty: every installed one.
    plugins_allowed: str = ""
    #: PLP-002: http and loopback addresses are taken for partners (demo, tests).
    plp_allow_loopback: bool = False
    #: Hours without a request after which an adviser signs in again.
    session_idle_hours: float = 4
    #: Hours after which an adviser signs in again, whatever he does.
    session_hours: float = 12
    #: Outgoing mail (reset links): the mail server's name; empty: no mail leaves, and the pages say whom to ask.
    smtp_host: str = ""
    smtp_port: int = 587
    #: «starttls» (587), «tls» (465), or «none», for a server on this machine only.
    smtp_security: str = "starttls"
    #: Where the server asks who sends: account and password.
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    #: The address that our mails come from; needed with smtp_host.
    mail_from: str = ""
    #: Where the web server listens: address:port, or unix:/path. Empty: the host and port of `base_url`.
    bind: str = ""
    #: Web processes, and threads of each: live streams take at most a quarter of the threads.
    web_workers: int = 1
    web_threads: int = 16
    #: TLS proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses, networks, or the word unix,
    #: comma separated. Empty: nobody's.
    proxies: str = ""
    #: The log on standard error: json (a line a request and job), text, or auto: text on a terminal, JSON elsewhere.
    log: str = "auto"
    #: Bearer token for /metrics. Empty: this machine only, and only over http; behind TLS, nobody.
    metrics_token: str = field(default="", repr=False)
    #: Where the tax engine answers (OpenFisca-France, a program beside ours): http on this machine only; empty: there is none,
    #: and the pages of taxes say so.
    fiscalite_url: str = "http://127.0.0.1:8020"
    #: Folder of the tax engine's own environment, which `make fiscalite` makes.
    fiscalite_dir: str = ".venv-fiscalite"
    #: What the installation sets for plugins: tables `[plugins.NAME]` of the file, JSON in the environment. A cabinet's own
    #: settings go before it.
    plugins: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    #: Demonstration data is loaded: accounts with a known password exist.
    demo: bool = False
    #: The suite runs: the statement checker is on.
    testing: bool = False

    def __post_init__(self) -> None:
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not url.hostname or url.path or url.query:
            raise ConfigError(
                "ENCOURS_BASE_URL doit être une adresse sans chemin, par exemple https://encours.exemple.fr"
            )
        if url.scheme == "http" and not is_loopback(url.hostname):
            raise ConfigError("ENCOURS_BASE_URL en http n'est accepté que sur cette machine : employez https.")
        if self.log not in LOGS:
            raise ConfigError(f"ENCOURS_LOG doit être l'un de {', '.join(LOGS)}.")
        try:
            networks(self.proxies)
        except ValueError as error:
            raise ConfigError(f"ENCOURS_PROXIES doit être une liste d'adresses ou de réseaux : {error}.") from error
        if self.fiscalite_url and not is_local(self.fiscalite_url):
            raise ConfigError(
                "ENCOURS_FISCALITE_URL doit être une adresse http de cette machine, par exemple http://127.0.0.1:8020 : les "
                "revenus d'un foyer n'en sortent pas."
            )
        if self.metrics_token and len(self.metrics_token) < 16:
            raise ConfigError("ENCOURS_METRICS_TOKEN est trop court : seize caractères au moins.")
        if len(self.secret_key) < 32 or len(self.kek) < 43:
            raise ConfigError("ENCOURS_SECRET_KEY et ENCOURS_KEK manquent : `encours keys` en écrit de nouvelles.")
        if self.owner_url and not self.owner_url.startswith("postgresql"):
            raise ConfigError("ENCOURS_OWNER_URL est l'adresse d'une base PostgreSQL ; avec SQLite, laissez-la vide.")
        if self.smtp_host:
            self._check_mail()

    def _check_mail(self) -> None:
        if not re.fullmatch(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+", self.mail_from):
            raise ConfigError("ENCOURS_MAIL_FROM doit être une adresse e-mail dès que ENCOURS_SMTP_HOST est donné.")
        if self.smtp_security not in ("starttls", "tls", "none"):
            raise ConfigError("ENCOURS_SMTP_SECURITY vaut starttls, tls ou none.")
        if self.smtp_security == "none" and not is_loopback(self.smtp_host):
            raise ConfigError("ENCOURS_SMTP_SECURITY=none n'est accepté que pour un serveur de courrier sur cette machine.")

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS: cookies are then `__Host-` and Secure."""
        return self.base_url.startswith("https://")

    @property
    def any_role(self) -> bool:
        """Whether the second wall may rest on a role that could pass by it: told so, demo, tests."""
        return self.one_role or self.demo or self.testing

    @property
    def check_statements(self) -> bool:
        """Whether every SQL statement is checked for its cabinet (tests and demo)."""
        return self.testing or self.demo

    def cookie(self, name: str) -> str:
        """The cookie's name as sent: `__Host-` goes with https only."""
        return f"__Host-{name}" if self.secure else name


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(address: str) -> bool:
    """Whether an address is http://host:port of this machine, without anything more."""
    try:
        url = urlsplit(address)
        bare = url.scheme == "http" and url.port and not (url.path or url.query or url.username or url.password)
        return bool(bare and url.hostname and is_loopback(url.hostname))
    except ValueError:
        return False


def networks(text: str) -> tuple[Network, ...]:
    """The networks of the setting `proxies`, «127.0.0.1, 10.0.0.0/24, unix». Raises ValueError."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    return tuple(ip_network(word, strict=False) for word in words if word != SOCKET)


def load(path: Path | None = None, **given: Any) -> Config:
    """The configuration: given values first, then the environment, then the file.

    Raises `ConfigError` where a value is missing or unsafe.
    """
    file = path or Path(os.environ.get("ENCOURS_CONFIG", "encours.toml"))
    values: dict[str, Any] = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    known = {one.name: one for one in fields(Config)}
    if unknown := sorted(set(values) - set(known)):
        raise ConfigError(f"{file} : réglages inconnus : {', '.join(unknown)}")
    if wrong := [name for name, value in values.items() if not _is(str(known[name].type), value)]:
        raise ConfigError(f"{file} : valeurs d'un autre type que celui attendu : {', '.join(sorted(wrong))}")
    for name, one in known.items():
        if (text := os.environ.get(f"ENCOURS_{name.upper()}")) is not None:
            values[name] = _typed(str(one.type), text)
    return Config(**{**values, **given})


_current: list[Config] = []


def use(config: Config) -> None:
    """Make it this process's configuration."""
    _current[:] = [config]


def current() -> Config:
    """This process's configuration, once an application or a worker was made."""
    return _current[0]


def forget() -> None:
    """No configuration any more (tests)."""
    _current.clear()


def _is(kind: str, value: Any) -> bool:
    """Whether a value of the file is of the setting's type."""
    if kind.startswith("dict"):
        return isinstance(value, dict) and all(isinstance(one, dict) for one in value.values())
    kinds: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "float": (int, float)}
    return isinstance(value, kinds.get(kind, (str,))) and (kind == "bool" or not isinstance(value, bool))


def _typed(kind: str, text: str) -> Any:
    if kind == "bool":
        return text.strip().lower() in ("1", "true", "yes", "oui", "on")
    if kind == "int":
        return int(text)
    if kind.startswith("dict"):
        return _tables(text)
    return float(text) if kind == "float" else text


def _tables(text: str) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not _is("dict", found):
        raise ConfigError('ENCOURS_PLUGINS doit être du JSON, par exemple {"nomineo": {"delay_days": 7}}.')
    return dict(found)
