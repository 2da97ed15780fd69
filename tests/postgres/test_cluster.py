"""The suite's own cluster: nothing of it outlives who made it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from tests.stage import until

ROOT = Path(__file__).parent.parent.parent
MADE = """
import time
from tests.postgres.cluster import Cluster
made = Cluster().start()
print(made.folder, (made.folder / "data" / "postmaster.pid").read_text().split()[0], flush=True)
time.sleep(60)
"""


def test_it_ends_with_a_process_that_is_killed() -> None:
    """CONTRIBUTING: a worker of the suite that dies by -9 leaves no server and no folder."""
    with subprocess.Popen([sys.executable, "-c", MADE], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        folder, server = process.stdout.readline().split()
        assert Path(f"/proc/{server}").exists()
        process.send_signal(signal.SIGKILL)
    until(lambda: not Path(folder).exists() and not Path(f"/proc/{server}").exists(), 20)
