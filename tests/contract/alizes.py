"""The example distribution «Mutuelle des Alizés» as pip would install it: its packages and its entry point, in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent / "examples" / "mutuelle"
NAME, COMPANY = "alizes", "mutuelle-des-alizes"
KEY = "cle-d-essai-des-alizes"
METADATA = "Metadata-Version: 2.1\nName: encours-alizes\nVersion: 1.0.0\n\n"


def lay(folder: Path) -> Path:
    """The distribution in this folder: for `bancal.installed`, or the PYTHONPATH of a stage."""
    for package in ("encours_alizes", "office_alizes"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    meta = folder / "encours_alizes-1.0.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text(METADATA + (ROOT / "README.md").read_text("utf-8"), "utf-8")
    (meta / "entry_points.txt").write_text(f"[encours.plugins]\n{NAME} = encours_alizes.plugin:AlizesPlugin\n", "utf-8")
    return folder
