"""The cabinet's folder on an SFTP server: what is new there, file by file, as bytes; nothing is changed there (AGG-01).

asyncssh (EPL-2.0, unmodified) speaks the protocol. Of this machine it uses nothing: no configuration, keys, agent, known hosts.
"""

from __future__ import annotations

import asyncio
import contextvars
import fnmatch
import re
import socket
import time
from collections.abc import Callable
from collections.abc import Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from core.api import feeds
from core.api.types import Secret
from plugins.aggregation.pipeline.forms import RULE

if TYPE_CHECKING:
    import asyncssh

#: Of one visit: files, their bytes in all, seconds; names of a folder that are looked through.
MOST_FILES, MOST_BYTES, SECONDS, NAMES = 20, 64 * 1024 * 1024, 240.0, 10_000
_LOGIN = 20
_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s*(.*?)\s*-----END \1-----", re.DOTALL)
_LATER = "Rien n'est perdu\u202f: actualisez plus tard. Une lecture de nuit réessaie d'elle-même, d'heure en heure."
_SET = "Un administrateur le vérifie dans Services > Agrégation."

#: What tells one state of a file from another: its name, size and time of change (seconds).
Mark = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Server:
    """Where, as whom, which files. One of the two secrets is enough."""

    host: str
    port: int
    user: str
    folder: str
    pattern: str
    password: Secret | None
    key: Secret | None

    @property
    def address(self) -> str:
        """What its host key is pinned to."""
        return f"{self.host}:{self.port}"


class Refusal(Exception):
    """Why the visit ended: what, and what to do. `offered`: the server's host key, where it is not the one that is trusted."""

    def __init__(self, text: str, remedy: str, offered: str = "") -> None:
        super().__init__(text)
        self.text, self.remedy, self.offered = text, remedy, offered


@dataclass(frozen=True, slots=True)
class Found:
    """A new file; `data` None: too large to be read."""

    mark: Mark
    data: bytes | None


@dataclass(slots=True)
class Visit:
    """What one visit brought; `more`: others are there still; `refusal`: why it ended early."""

    files: list[Found] = field(default_factory=list)
    more: bool = False
    refusal: Refusal | None = None


def visit(
    server: Server, trusted: str, known: Container[Mark], connect: Callable[[], socket.socket]
) -> Visit:  # fmt: skip
    """New files of the folder, the oldest first. `trusted`: the host key that a person confirmed, empty where none did.

    `connect` gives a socket whose address was checked. Raises what it raises; all else is the visit's `refusal`.
    """
    made = Visit()

    async def bounded() -> None:
        await asyncio.wait_for(_visit(server, trusted, known, connect, made), SECONDS)

    try:
        with ThreadPoolExecutor(max_workers=1) as apart:  # the caller's thread may have a loop of its own
            apart.submit(contextvars.copy_context().run, asyncio.run, bounded()).result()
    except Refusal as refusal:
        made.refusal = refusal
    except TimeoutError:
        made.refusal = Refusal("Le serveur SFTP est trop lent\u202f: la lecture a été arrêtée.", _LATER)
    return made


def fingerprint(key: str) -> str:
    """«SHA256:…», as `ssh-keygen -lf` writes it, of a public key in OpenSSH's writing."""
    import asyncssh

    return str(asyncssh.import_public_key(key).get_fingerprint())


async def _visit(
    server: Server, trusted: str, known: Container[Mark], connect: Callable[[], socket.socket], made: Visit
) -> None:  # fmt: skip
    import asyncssh

    asyncssh.set_log_level("ERROR")  # it would log who signs in where
    if not trusted:
        offered = await _offered(server, connect)
        text = f"La clé de ce serveur n'a pas encore été confirmée\u202f: {fingerprint(offered)}."
        raise Refusal(text, "Comparez-la à celle que l'hébergeur annonce, puis confirmez-la. Rien n'a été envoyé.", offered)
    more = _credentials(server)
    keys: tuple[list[asyncssh.SSHKey], list[str], list[str]] = ([asyncssh.import_public_key(trusted)], [], [])
    sock = connect()
    try:
        async with (
            asyncssh.connect(
                server.host, server.port, sock=sock, config=None, known_hosts=keys, agent_path=None,
                x509_trusted_certs=None, username=server.user, login_timeout=_LOGIN, keepalive_interval=15,
                keepalive_count_max=2, compression_algs=None, **more,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            await _take(sftp, server, known, made)
    except asyncssh.HostKeyNotVerifiable as error:
        offered = await _offered(server, connect)
        text = (
            f"La clé du serveur a changé\u202f: {fingerprint(offered)}, au lieu de {fingerprint(trusted)}. "
            "Un autre serveur répond peut-être à sa place."
        )
        raise Refusal(text, "Appelez l'hébergeur avant de confirmer la nouvelle clé. Rien n'a été envoyé.", offered) from error
    except asyncssh.PermissionDenied as error:
        raise Refusal("Le serveur SFTP refuse l'identifiant, le mot de passe ou la clé.", _SET) from error
    except asyncssh.SFTPNoSuchFile as error:
        raise Refusal(f"Le dossier «\u202f{server.folder}\u202f» n'existe pas sur le serveur SFTP.", _SET) from error
    except asyncssh.SFTPPermissionDenied as error:
        raise Refusal("Le serveur SFTP ne laisse pas lire ce dossier, ou l'un de ses fichiers.", _SET) from error
    except (asyncssh.Error, OSError) as error:
        raise Refusal("La connexion au serveur SFTP a été coupée.", _LATER) from error
    finally:
        sock.close()


async def _offered(server: Server, connect: Callable[[], socket.socket]) -> str:
    """The host key that the server shows, before anything is told to it."""
    import asyncssh

    sock = connect()
    try:
        key = await asyncio.wait_for(asyncssh.get_server_host_key(server.host, server.port, sock=sock, config=None), _LOGIN)
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise Refusal("Ce serveur ne répond pas comme un serveur SFTP.", _SET) from error
    finally:
        sock.close()
    if key is None:
        raise Refusal("Ce serveur ne montre aucune clé.", _SET)
    return key.export_public_key("openssh").decode().strip()


def _credentials(server: Server) -> dict[str, Any]:
    import asyncssh

    if not server.user:
        raise Refusal("Aucun identifiant n'est enregistré pour le serveur SFTP.", _SET)
    if server.key is not None:
        try:
            keys = [asyncssh.import_private_key(_lines(server.key.reveal()))]
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
            text = "La clé privée enregistrée n'est pas lisible, ou elle est protégée par un mot de passe."
            raise Refusal(text, "Enregistrez une clé OpenSSH sans mot de passe, dans Services > Agrégation.") from error
        return {"client_keys": keys, "preferred_auth": "publickey"}
    if server.password is not None:
        return {
            "client_keys": None, "password": server.password.reveal(), "preferred_auth": "password,keyboard-interactive",
        }  # fmt: skip
    raise Refusal("Ni mot de passe ni clé privée n'est enregistré pour le serveur SFTP.", _SET)


def _lines(pem: str) -> str:
    """A key in PEM whose ends of lines were lost on the way, as a field of one line loses them."""
    found = _PEM.search(pem)
    if found is None:
        return pem
    body = "".join(found[2].split())
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN {found[1]}-----\n{lines}\n-----END {found[1]}-----\n"


async def _take(sftp: asyncssh.SFTPClient, server: Server, known: Container[Mark], made: Visit) -> None:
    size = 0
    for mark in await _new(sftp, server, known):
        if len(made.files) >= MOST_FILES or (made.files and size + mark[1] > MOST_BYTES):
            made.more = True
            return
        if mark[1] > RULE.max_bytes:
            made.files.append(Found(mark, None))
            continue
        path = f"{server.folder.rstrip('/')}/{mark[0]}" if server.folder else mark[0]
        async with sftp.open(path, "rb") as stream:
            data = await stream.read(mark[1] + 1)
            after = await stream.stat()
        if not isinstance(data, bytes) or len(data) != mark[1] or (after.size, after.mtime) != mark[1:]:
            continue  # it grows: another visit takes it
        made.files.append(Found(mark, data))
        size += len(data)


async def _new(sftp: asyncssh.SFTPClient, server: Server, known: Container[Mark]) -> list[Mark]:
    """Whole regular files that fit the pattern and are not known: no folder, link, hidden one, none that is being written."""
    import asyncssh

    found, seen, at = list[Mark](), 0, time.time()
    async for one in sftp.scandir(server.folder or "."):
        seen += 1
        if seen > NAMES:
            raise Refusal(f"Le dossier contient plus de {NAMES} noms.", "Retirez ce qui est ancien, ou choisissez-en un autre.")
        name, told = str(one.filename), one.attrs
        if told.type != asyncssh.FILEXFER_TYPE_REGULAR or told.size is None or told.mtime is None:
            continue
        if "/" in name or "\0" in name or not name.isprintable() or not feeds.finished(name):
            continue
        if len(name) > 200 or not fnmatch.fnmatchcase(name.lower(), server.pattern.lower() or "*"):
            continue
        mark = (name, int(told.size), int(told.mtime))
        if mark[1] and -60 < at - mark[2] < feeds.STILL:
            continue  # it may be growing still
        if mark[1] and mark not in known:
            found.append(mark)
    return sorted(found, key=lambda mark: (mark[2], mark[0]))
