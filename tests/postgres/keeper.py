"""Ends a cluster when the process that made it is gone, however it went (-9 too): its end of a pipe is closed then.

A program: `keeper.py <folder> <the server's programs> <user or «»>`. It imports nothing of the suite.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path


def main(folder: str, binaries: str, user: str) -> None:
    """Wait for the end of standard input, stop the server, remove the folder."""
    sys.stdin.buffer.read()
    stop = [f"{binaries}/pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run(stop, check=False, user=user or None, extra_groups=[] if user else None, **quiet)  # type: ignore[call-overload]
    for _ in range(50):  # the server's last processes may still write
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            return
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
