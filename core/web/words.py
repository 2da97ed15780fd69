"""Templates' fixed words, translated when a template is compiled: a page has some two hundred of them.

The product speaks one language in a process (`BABEL_DEFAULT_LOCALE`, and nobody who chooses another): `_('Nom')` is the
same at every request. Words with values in them, and those of views, are translated as they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from flask import Flask
from flask_babel import gettext
from jinja2.ext import Extension
from jinja2.lexer import Token
from jinja2.lexer import TokenStream
from markupsafe import Markup

_FILTER = "fixed_words"
_CALL = [("name", "_"), ("lparen", "("), ("string", True), ("rparen", ")")]


class FixedWords(Extension):
    """Reads `_('…')` as a filter on a constant, which Jinja works out while it compiles."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """The tokens, changed where four of them in a row are a call with nothing but words."""
        return _folded(stream)


def install(app: Flask) -> None:
    """Put it on, unless the language is chosen at each request."""
    if app.extensions["babel"].locale_selector is None:
        app.jinja_env.filters[_FILTER] = _words
        app.jinja_env.add_extension(FixedWords)


def _words(text: str) -> Markup:
    return Markup(gettext(text)) % {}  # noqa: S704 - a template's own words; `%%` is written as Jinja's `_` reads it


def _folded(stream: TokenStream) -> Iterator[Token]:
    tokens, at = list(stream), 0
    while at < len(tokens):
        if [(one.type, one.type == "string" or one.value) for one in tokens[at : at + 4]] == _CALL:
            words = tokens[at + 2]
            yield words
            yield Token(words.lineno, "pipe", "|")
            yield Token(words.lineno, "name", _FILTER)
            at += 4
        else:
            yield tokens[at]
            at += 1
