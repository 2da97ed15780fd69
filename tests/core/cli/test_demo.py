"""`encours demo` on data that is there already."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tests import databases
from tests.stage import free_port


def run(folder: Path, port: int, *more: str, base: Mapping[str, str] = MappingProxyType({})) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.cli", "demo", "--folder", str(folder), "--port", str(port), "--prepare-only", *more]
    env = {**os.environ, **base}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)


def test_data_made_for_other_ports_is_said_not_served(tmp_path: Path) -> None:
    """BL-15, interfaces.md: both sides know each other by address; the same ports go on, others are refused."""
    port, base = free_port(), databases.addresses(tmp_path)
    assert run(tmp_path, port, base=base).returncode == 0
    assert run(tmp_path, port, base=base).returncode == 0
    other = run(tmp_path, free_port(), base=base)
    assert other.returncode != 0
    assert f"ont été préparées pour http://127.0.0.1:{port}" in other.stderr
    assert "Traceback" not in other.stderr
    told = run(tmp_path, port, "--environment", base=base).stdout
    assert all(line.startswith("export ENCOURS_") for line in told.splitlines())
    command = f'{told}\n"{sys.executable}" -m core.cli plugin list --cabinet demo'
    served = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (served.returncode, "nomineo" in served.stdout) == (0, True), served.stderr


def test_there_is_nothing_to_tell_before_a_demonstration(tmp_path: Path) -> None:
    """The other commands serve a demonstration that is there; no keys are made by asking for them."""
    found = run(tmp_path, free_port(), "--environment")
    assert found.returncode != 0
    assert "make demo" in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_data_is_not_taken_from_under_what_runs(tmp_path: Path) -> None:
    """A reset while a demonstration listens on the port is refused; nothing is deleted."""
    (tmp_path / "kept").touch()
    with socket.create_server(("127.0.0.1", 0)) as running:
        found = run(tmp_path, running.getsockname()[1], "--reset")
    assert found.returncode != 0
    assert "est déjà pris" in found.stderr
    assert (tmp_path / "kept").exists()


@pytest.mark.parametrize("address", ["postgresql://encours_app@/x?host=/nulle/part", "sqlite:////nulle/part/x.sqlite"])
def test_a_reset_does_not_part_data_from_their_keys(tmp_path: Path, address: str) -> None:
    """The folder's keys open what a database elsewhere holds: it is said what to do, and nothing is deleted."""
    (tmp_path / "demo.keys").touch()
    found = run(tmp_path, free_port(), "--reset", base={"ENCOURS_DATABASE_URL": address})
    assert found.returncode != 0
    assert "Rien n'a été effacé" in found.stderr
    assert "Traceback" not in found.stderr
    assert (tmp_path / "demo.keys").exists()
