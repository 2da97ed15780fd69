"""A theme's folder: nothing in it leads out of it, and it holds pictures and pieces of markup only."""

from __future__ import annotations

import re
from pathlib import Path

from core.themes.manifest import ThemeError

#: Endings of pictures → the bytes that they begin with.
PICTURES: dict[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG",), ".jpg": (b"\xff\xd8\xff",), ".webp": (b"RIFF",), ".svg": (b"<svg", b"<?xml"),
}  # fmt: skip
MOST_BYTES = 300_000
_TEXT = frozenset((".svg", ".css", ".html"))
_OUTSIDE = re.compile(r"@import|url\(\s*[\"']?(?!#)|(?:href|src)\s*=\s*[\"']?\s*(?!#|data:image/(?:png|jpeg)|[\"'])", re.I)
_LIVE = re.compile(r"<\s*(?:script|foreignobject|iframe|object|embed|animate|set)\b|\son[a-z]+\s*=|javascript:|<!", re.I)


def check(root: Path) -> None:
    """Raises `ThemeError` for what leads outside, for a program, a style sheet, a picture that is none."""
    if root.is_symlink() or not root.is_dir():
        raise ThemeError("son dossier est introuvable, ou un lien vers un autre")
    home = root.resolve()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink() or home not in path.resolve().parents:
            raise ThemeError(f"«{name}» est un lien qui sort du dossier du thème")
        if path.is_file() and name.startswith("static/"):
            _picture(name, path)


def inside(root: Path, name: str) -> Path:
    """A picture of the theme by its name. Raises `ThemeError` for one that is not in `static/`."""
    if name.startswith(("/", "\\")) or "\\" in name or ".." in Path(name).parts or ":" in name:
        raise ThemeError(f"«{name[:60]}» sort du dossier du thème")
    path = root / "static" / name
    if not path.is_file():
        raise ThemeError(f"l'image «{name[:60]}» n'est pas dans static/")
    return path


def svg_fault(text: str) -> str | None:
    """Why a drawing is refused: it would run, or fetch."""
    if "\\" in text:
        return "elle contient une barre oblique inverse"
    if found := _LIVE.search(re.sub(r"<!--.*?-->", "", text, flags=re.S)):
        return f"elle contient «{found.group(0).strip()[:20]}»"
    if found := _OUTSIDE.search(text):
        return f"elle appelle un autre fichier ({found.group(0).strip()[:20]})"
    return None


def _picture(name: str, path: Path) -> None:
    data = path.read_bytes()
    ending = path.suffix.lower()
    if ending == ".css":
        found = _OUTSIDE.search(data.decode("utf-8", "replace"))
        why = f"«{found.group(0).strip()[:20]}» y appelle un autre fichier ; " if found else ""
        raise ThemeError(f"{name} : {why}un thème n'apporte pas de feuille de style, ses jetons suffisent")
    if ending not in PICTURES:
        raise ThemeError(f"{name} : static/ ne contient que des images ({', '.join(PICTURES)})")
    if len(data) > MOST_BYTES:
        raise ThemeError(f"{name} dépasse {MOST_BYTES // 1000} Ko")
    if not data.lstrip().startswith(PICTURES[ending]):
        raise ThemeError(f"{name} n'est pas une image {ending}")
    if ending in _TEXT and (wrong := svg_fault(data.decode("utf-8", "replace"))):
        raise ThemeError(f"{name} : {wrong}")
