"""`theme.toml`: what a theme says of itself and the values of its tokens, checked to the letter (docs/themes.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Literal

from packaging.specifiers import InvalidSpecifier
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion
from packaging.version import Version

from core.themes import tokens
from core.themes.colours import luminance
from core.themes.contrast import judge

#: What themes declare compatibility with: the list of tokens, of pieces, and of what pieces are given.
THEME_API = "1.0"
NAME = re.compile(r"[a-z][a-z0-9_-]{1,39}")
LAYOUTS = ("left", "centre")
#: Beyond this luminance a ground is a light one: the mark for light grounds stands on it.
LIGHT = 0.25
_TEXTS = {"title": 40, "author": 80, "about": 200}
_WORDS = {"font": tuple(tokens.FONTS), "heading_font": tuple(tokens.FONTS), "density": ("compact", "comfortable"),
          "statement": LAYOUTS}  # fmt: skip
_SECTIONS = ("light", "dark", "scale", "compact", "comfortable")
_LEAST = ("name", "title", "version", "api", "author")


class ThemeError(Exception):
    """A theme that is not taken, and why, in French."""


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """A theme that is sound. `light` and `dark` hold colours and shadows; `pieces` are the names of its templates."""

    name: str
    title: str
    version: str
    author: str
    about: str
    font: str
    heading_font: str
    density: Literal["compact", "comfortable"]
    statement: Literal["left", "centre"]
    light: Mapping[str, str]
    dark: Mapping[str, str]
    scale: Mapping[str, str]
    compact: Mapping[str, str]
    comfortable: Mapping[str, str]
    root: Path
    pieces: frozenset[str] = frozenset()

    def mode(self, name: str) -> Mapping[str, str]:
        """The tokens of «light» or «dark»."""
        return self.dark if name == "dark" else self.light

    def pale_bar(self, mode: str) -> bool:
        """Whether the bar is light in this mode, so that the logo for light grounds stands on it."""
        return luminance(self.mode(mode)["bar"]) > LIGHT


def read(name: str, root: Path, base: Theme | None) -> Theme:
    """The theme of a folder; what it leaves out is the base's. Raises `ThemeError`."""
    file = root / "theme.toml"
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ThemeError("il n'a pas de fichier theme.toml") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"theme.toml ne se lit pas : {error}") from error
    _known(name, given)
    sections = {section: _section(section, given.get(section, {})) for section in _SECTIONS}
    if base is not None:
        sections = {section: {**_of(base, section), **values} for section, values in sections.items()}
    elif missing := sorted(_wanted() - set().union(*sections.values())):
        raise ThemeError(f"jetons manquants : {', '.join(missing)}")
    worst = [one for mode in ("light", "dark") for one in judge(mode, sections[mode])]
    if worst:
        more = f" ; et {len(worst) - 6} autres" if len(worst) > 6 else ""
        raise ThemeError(f"contraste insuffisant. {' ; '.join(one.said for one in worst[:6])}{more}")
    def word(key: str) -> Any:
        return given.get(key, getattr(base, key, _WORDS[key][0]))

    return Theme(
        name=name, root=root, title=given["title"], version=given["version"], author=given["author"],
        about=given.get("about", ""), font=word("font"), heading_font=word("heading_font"), density=word("density"),
        statement=word("statement"), light=sections["light"], dark=sections["dark"], scale=sections["scale"],
        compact=sections["compact"], comfortable=sections["comfortable"],
    )  # fmt: skip


def _known(name: str, given: Mapping[str, Any]) -> None:
    """Everything but the tokens."""
    if unknown := sorted(set(given) - set(_LEAST) - set(_TEXTS) - set(_WORDS) - set(_SECTIONS)):
        raise ThemeError(f"theme.toml : «{unknown[0][:40]}» n'est pas prévu")
    if missing := [key for key in _LEAST if not isinstance(given.get(key), str) or not given[key].strip()]:
        raise ThemeError(f"theme.toml : «{missing[0]}» manque")
    if given["name"] != name or not NAME.fullmatch(name):
        raise ThemeError(f"le nom du point d'entrée («{name}») et celui du thème («{given['name'][:40]}») diffèrent")
    for key, most in _TEXTS.items():
        text = given.get(key, "")
        if not isinstance(text, str) or len(text) > most or not text.isprintable():
            raise ThemeError(f"theme.toml : «{key}» est un texte d'une ligne, de {most} caractères au plus")
    for key, allowed in _WORDS.items():
        if given.get(key, allowed[0]) not in allowed:
            raise ThemeError(f"theme.toml : «{key}» vaut {' ou '.join(allowed)}")
    try:
        Version(given["version"])
        wanted = SpecifierSet(given["api"])
    except (InvalidVersion, InvalidSpecifier) as error:
        raise ThemeError(f"theme.toml : {error}") from error
    if not wanted.contains(THEME_API):
        raise ThemeError(f"il demande l'API de thèmes {given['api']}, celle-ci est la {THEME_API}")


def _section(section: str, given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise ThemeError(f"theme.toml : [{section}] est une table")
    allowed = _allowed(section)
    for key, value in given.items():
        if key not in allowed:
            raise ThemeError(f"[{section}] : «{key[:40]}» n'est pas un jeton de cette table")
        if wrong := tokens.fault(key, value):
            raise ThemeError(f"[{section}] {key} : {wrong}")
    return {key: str(value) for key, value in given.items()}


def _allowed(section: str) -> frozenset[str]:
    if section in ("light", "dark"):
        return tokens.COLOUR_NAMES | frozenset(tokens.OPTIONAL) | frozenset(tokens.SHADOWS)
    if section == "scale":
        return frozenset(tokens.LENGTHS) | frozenset(tokens.WEIGHTS)
    return frozenset(tokens.DENSITY)


def _wanted() -> set[str]:
    return set(tokens.COLOUR_NAMES) | set(tokens.SHADOWS) | set(tokens.LENGTHS) | set(tokens.WEIGHTS) | set(tokens.DENSITY)


def _of(base: Theme, section: str) -> Mapping[str, str]:
    """The base's values, without what a theme has only where it says so."""
    values: Mapping[str, str] = getattr(base, section)
    return {key: value for key, value in values.items() if key not in tokens.OPTIONAL}
