"""A third party's theme as pip would install it, written into a folder; `tests.contract.bancal.installed` opens the door."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

METADATA = "Metadata-Version: 2.1\nName: encours_theme_{name}\nVersion: 1.0\n"
TOML = """name = "brise"
title = "Brise"
version = "1.2"
api = ">=1.0,<2"
author = "Atelier Exemple"
about = "Un vert d'eau."
density = "comfortable"

[light]
brand = "#0b5f52"
brand-hover = "#094e43"
brand-press = "#073d35"
brand-text = "#0b5f52"

[scale]
r-3 = "2px"
"""
HEAD = (
    '<div class="of"><p>{{ cabinet }}, relevé de Brise du {{ on }}</p>'
    '{% if logo %}<img class="logo" src="{{ logo }}" alt="">{% endif %}</div>'
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def write(folder: Path, *, name: str = "brise", toml: str = TOML, files: Mapping[str, bytes | str] | None = None) -> Path:
    """Lay the distribution out; `files` are of the theme's folder. Its module does nothing but stop whoever runs it."""
    package, meta = folder / f"encours_theme_{name}", folder / f"encours_theme_{name}-1.0.dist-info"
    package.mkdir(parents=True)
    meta.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('a theme is not a program')\n", "utf-8")
    (package / "theme.toml").write_text(toml, "utf-8")
    for path, content in (files or {}).items():
        target = package / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    (meta / "METADATA").write_text(METADATA.format(name=name), "utf-8")
    (meta / "entry_points.txt").write_text(f"[encours.themes]\n{name} = encours_theme_{name}\n", "utf-8")
    return package
