"""The pieces of markup that a theme may bring: few, small, without forms or programs, and judged again each time.

They are rendered in a sandbox that knows nothing but the values of `PIECES`: no include, no macro, no filter that
trusts. What comes out is looked at too: a piece that shows what is not allowed is left out, core's own stands there.
"""

from __future__ import annotations

import base64
import logging
import mimetypes
from collections.abc import Callable
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from jinja2 import TemplateError
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from core.themes import folder
from core.themes.manifest import Theme
from core.themes.manifest import ThemeError

#: File → what it is given. All are texts; `logo` and what `picture` answers are addresses of pictures, or «».
PIECES: dict[str, dict[str, str]] = {
    "sign_in_panel.html": {"claim": "Tous les avoirs.", "sentence": "À jour, vérifiables.", "cabinet": "Cabinet Exemple"},
    "statement_head.html": {"title": "Relevé", "on": "25/11/2026", "cabinet": "Cabinet Exemple",
                            "logo": "data:image/png;base64,AAAA", "layout": "left"},
    "statement_foot.html": {"cabinet": "Cabinet Exemple", "foot": "1, rue Exemple", "legal": "ORIAS 07000000", "layout": "left"},
}  # fmt: skip
MOST_SIGNS = 12_000
_TAGS = frozenset((
    "div", "p", "span", "strong", "em", "b", "i", "small", "br", "h2", "ul", "li", "figure", "figcaption", "img", "table",
    "tbody", "tr", "td", "th", "svg", "g", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse", "title",
))  # fmt: skip
_ATTRIBUTES = frozenset((
    "class", "alt", "src", "width", "height", "viewbox", "d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "x2", "y1", "y2",
    "points", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill-opacity", "stroke-opacity",
    "opacity", "transform", "preserveaspectratio", "aria-hidden", "role", "aria-label", "colspan",
))  # fmt: skip
_NODES = (
    nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Macro, nodes.CallBlock, nodes.Block,
    nodes.FilterBlock, nodes.ScopedEvalContextModifier, nodes.EvalContextModifier, nodes.Assign, nodes.AssignBlock,
    nodes.Getattr, nodes.Getitem, nodes.For,
)  # fmt: skip
_FILTERS = frozenset(("upper", "lower", "title", "trim", "length"))
_VOID = frozenset(("br", "img"))
_log = logging.getLogger("encours.themes")


def _ours(address: str) -> bool:
    """Whether a picture is the theme's or the cabinet's: nothing of elsewhere, nothing that runs."""
    if address.startswith("data:"):
        return address.startswith(tuple(f"data:image/{kind};base64," for kind in ("png", "jpeg", "webp", "svg+xml")))
    return not address or (address.startswith("/") and "/theme/" in address and "//" not in address and ".." not in address)


class _Allowed(HTMLParser):
    """Raises `ThemeError` at the first thing that is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise ThemeError(f"l'élément <{tag[:20]}> n'y a pas sa place")
        for name, value in attrs:
            text = value or ""
            if name not in _ATTRIBUTES:
                raise ThemeError(f"l'attribut {name[:20]} n'y a pas sa place")
            if name == "src" and not _ours(text):
                raise ThemeError("une image vient de picture() ou de logo, et de nulle part ailleurs")
            if name in ("fill", "stroke") and "url" in text.lower():
                raise ThemeError(f"l'attribut {name} n'appelle pas d'autre fichier")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ThemeError(f"</{tag[:20]}> ne ferme rien : le morceau déborderait sur la page")

    def handle_decl(self, decl: str) -> None:
        raise ThemeError("une déclaration n'y a pas sa place")

    def handle_pi(self, data: str) -> None:
        raise ThemeError("une instruction n'y a pas sa place")

    def unknown_decl(self, data: str) -> None:
        raise ThemeError("une déclaration n'y a pas sa place")


def check(theme: Theme) -> frozenset[str]:
    """The pieces of the theme, each rendered once. Raises `ThemeError`."""
    place = theme.root / "templates"
    found = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else []
    for path in found:
        name = path.relative_to(place).as_posix()
        if name not in PIECES:
            raise ThemeError(f"templates/{name} ne peut pas être remplacé ; peuvent l'être : {', '.join(PIECES)}")
        try:
            _judge(_render(theme, name, PIECES[name], lambda one: f"/theme/{one}"))
            _judge(_render(theme, name, dict.fromkeys(PIECES[name], ""), lambda one: f"/theme/{one}"))
        except ThemeError as error:
            raise ThemeError(f"templates/{name} : {error}") from error
        except (TemplateError, ArithmeticError, ValueError, TypeError) as error:
            raise ThemeError(f"templates/{name} : {error}") from error
    return frozenset(path.relative_to(place).as_posix() for path in found)


def shown(theme: Theme, name: str, values: Mapping[str, str], address: Callable[[str], str]) -> Markup | None:
    """The theme's own piece; None where it has none, or shows what it may not. `address` names a picture of `static/`."""
    if name not in theme.pieces:
        return None
    try:
        made = _render(theme, name, values, address)
        _judge(made)
    except Exception as error:  # a third party's markup never takes a page down
        _log.error("theme %s: %s: %s", theme.name, name, error)
        return None
    return Markup(made)  # noqa: S704 - rendered with escaping on, and every element and attribute looked at


def embedded(theme: Theme, name: str) -> str:
    """A picture of the theme as a `data:` address, for paper."""
    path = folder.inside(theme.root, name)
    kind = mimetypes.guess_type(path.name)[0] or "image/webp"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _render(theme: Theme, name: str, values: Mapping[str, str], address: Callable[[str], str]) -> str:
    source = (theme.root / "templates" / name).read_text("utf-8")
    if len(source) > MOST_SIGNS:
        raise ThemeError(f"plus de {MOST_SIGNS} signes")
    environment = ImmutableSandboxedEnvironment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    tree = environment.parse(source)
    for node in tree.find_all(_NODES):
        raise ThemeError(f"«{type(node).__name__}» (ligne {node.lineno}) n'y a pas sa place")
    for one in tree.find_all(nodes.Filter):
        if one.name not in _FILTERS:
            raise ThemeError(f"le filtre «{one.name}» n'y a pas sa place")
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name != "picture":
            raise ThemeError("picture() est la seule fonction")
    environment.globals.clear()

    def picture(file: str) -> str:
        folder.inside(theme.root, file)
        return address(file)

    given: dict[str, Any] = {**values, "picture": picture}
    return environment.from_string(source).render(given)


def _judge(made: str) -> None:
    parser = _Allowed()
    parser.feed(made)
    parser.close()
    if parser.rawdata.strip():
        raise ThemeError("un élément n'est pas fini")
    if parser.open:
        raise ThemeError(f"<{parser.open[-1]}> n'est pas fermé")
