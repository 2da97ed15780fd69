"""The content-addressed store: `<root>/ab/cdef…`, the file's SHA-256 as its name. A file never changes.

Written aside, synced, then renamed: a power cut leaves the whole file or none. Checked when read: bytes that no
longer match their name are never handed out.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from core.db.errors import NotFound


class Corrupted(RuntimeError):
    """A stored file's bytes are not those of its name: the disk or a hand changed them. Restore a backup."""


class ContentStore:
    """A folder of immutable files, the same content once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the content lies. Raises ValueError for what is no SHA-256 in lower hexadecimal."""
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256[2:]

    def put(self, data: bytes) -> str:
        """Keep the bytes; their SHA-256. Durable when it returns."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if path.is_file() and path.stat().st_size == len(data):
            os.utime(path)  # it is wanted again: `sweep` leaves young files alone
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        _sync_folder(self.root)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises `NotFound` where there are none, `Corrupted` where they changed."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound("Ce document n'est plus dans le coffre de fichiers\u202f: restaurez une sauvegarde.") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Corrupted(f"stored file {sha256} does not match its name")
        return data

    def sweep(self, kept: Collection[str], *, older: timedelta) -> int:
        """Delete the files whose name is not in `kept` and that are older than `older`; how many."""
        limit, gone = time.time() - older.total_seconds(), 0
        for path in self.root.glob("??/*"):
            if path.parent.name + path.name not in kept and path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
