"""`encours theme list|check`: what is installed, what is refused and why; an author's check before he ships (PL-06)."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import click

from core.themes import Themes
from core.themes.manifest import ThemeError
from core.themes.registry import DEFAULT
from core.themes.registry import load


@click.group("theme")
def theme_group() -> None:
    """Les thèmes installés."""


@theme_group.command("list")
def listed() -> None:
    """Ce qui est installé, ce qui est refusé et pourquoi."""
    themes = Themes()
    themes.discover()
    for theme in themes.listed():
        click.echo(f"{theme.name:20} {theme.version:8} {theme.title}")
    for broken in themes.broken:
        click.echo(f"{broken.name:20} refusé : {broken.text}")


@theme_group.command("check")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(folder: Path) -> None:
    """Vérifie le thème d'un dossier (celui de theme.toml) : jetons, contrastes, images, morceaux de page."""
    try:
        theme = load(_name(folder), folder, Themes().of(DEFAULT))
    except ThemeError as error:
        click.echo(f"Refusé : {error}")
        sys.exit(1)
    pieces = ", ".join(sorted(theme.pieces)) or "aucun morceau de page"
    click.echo(f"{theme.title} {theme.version} peut être installé : contrastes suffisants en clair et en sombre ; {pieces}.")


def _name(folder: Path) -> str:
    """The name that it gives itself: no entry point is there to compare it with."""
    try:
        return str(tomllib.loads((folder / "theme.toml").read_text("utf-8")).get("name", ""))
    except (OSError, ValueError):
        return ""
