"""A real SFTP server, as a process of its own: `python sftp_server.py FOLDER KEY [CUT]`. It prints its port, then serves.

One person, «cabinet», with the password «Depot-2026!» or the key in `authorized`. CUT: the connection dies after so many reads.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import asyncssh

PASSWORD = "Depot-2026!"


class Door(asyncssh.SSHServer):
    """Who comes in."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("cabinet", PASSWORD)


class Folder(asyncssh.SFTPServer):
    """One folder and nothing above it; a file whose name begins with «croit» grows each time that it is read."""

    left = 0

    def __init__(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self.paths: dict[object, Path] = {}
        super().__init__(chan, chroot=sys.argv[1].encode())

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        made = super().open(path, pflags, attrs)
        self.paths[made] = Path(os.fsdecode(self.map_path(path)))
        return made

    def read(self, file_obj: object, offset: int, size: int) -> object:
        Folder.left -= 1
        if Folder.left == 0:
            os._exit(1)
        path = self.paths[file_obj]
        if path.name.startswith("croit"):
            with path.open("ab") as more:
                more.write(b"encore\n")
        return super().read(file_obj, offset, size)


async def serve() -> None:
    """Until it is killed."""
    Folder.left = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    authorized = Path(sys.argv[2]).with_name("authorized")
    made = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Door, server_host_keys=[sys.argv[2]], sftp_factory=Folder,
        authorized_client_keys=str(authorized) if authorized.exists() else None,
    )  # fmt: skip
    print(made.get_port(), flush=True)
    await made.wait_closed()


if __name__ == "__main__":
    asyncio.run(serve())
