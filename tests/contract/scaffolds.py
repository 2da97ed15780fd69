"""A scaffold as pip would install it, changed in one place; and the kit, in processes that know no other plugin."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.cli.plugin_new import scaffold

#: Has all of core imported, then tries each plugin in a child of its own: what a plugin leaves in a process ends with it.
PROGRAM = """
import json, os, sys, traceback
from core.testing import conformance, throwaway

throwaway.migrated(), throwaway.yesterday()
for line in sys.stdin:
    site, name, only = json.loads(line)
    sys.stdout.flush()
    child = os.fork()
    if not child:
        sys.path.insert(0, site)
        try:
            print(json.dumps(conformance.check(name, only=only).data()), flush=True)
        except BaseException:
            print(json.dumps({"raised": traceback.format_exc()}), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
META = "Metadata-Version: 2.1\nName: encours-{name}\nVersion: 0.1.0\n\n{readme}"


def laid(where: Path, name: str, kind: str, *, entry: bool = True) -> Path:
    """The scaffold with the metadata that an installation writes; the folder that `bancal.installed` takes."""
    site = scaffold(where, name, kind)[0].parent
    meta = site / f"encours_{name}-0.1.0.dist-info"
    meta.mkdir()
    meta.joinpath("METADATA").write_text(META.format(name=name, readme=(site / "README.md").read_text("utf-8")), "utf-8")
    cls = "".join(part.capitalize() for part in name.split("_"))
    line = f"{name} = encours_{name}.plugin:{cls}Plugin\n" if entry else ""
    meta.joinpath("entry_points.txt").write_text(f"[encours.plugins]\n{line}", "utf-8")
    return site


def change(path: Path, old: str, new: str) -> int:
    """Replace a text that stands there once; the line on which it stood."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name}: {text.count(old)} × {old!r}"
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


class Kit:
    """The conformance kit beside this process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def check(self, site: Path, name: str, *only: str) -> dict[str, Any]:
        """The report on a plugin of that folder, as JSON has it; `only`: by these rules."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(site), name, only]) + "\n")
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "raised" not in said, said["raised"]
        return said

    def close(self) -> None:
        """No more questions."""
        self._process.communicate()
