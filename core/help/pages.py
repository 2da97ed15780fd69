"""Chapters and tutorials: Markdown files of the package, read once a process; no HTML of theirs is let through.

A file's name is its place and its address («20-rechercher.md» → «rechercher»); its first line is its title, its first
paragraph what lists say of it, each `##` a section of its table of contents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TEXTS = Path(__file__).parent / "texts"
DOCUMENTATION, TUTORIALS = "documentation", "tutoriels"
#: Signs of a found section that a result shows.
EXCERPT = 180


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under one title; the part before the first title has an empty one. `text`: its words alone."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A chapter or a tutorial."""

    shelf: str
    slug: str
    title: str
    lead: str
    html: Markup
    sections: tuple[Section, ...]

    @property
    def contents(self) -> tuple[Section, ...]:
        """The table of contents."""
        return tuple(section for section in self.sections if section.title)


@dataclass(frozen=True, slots=True)
class Found:
    """A section that holds all words asked for."""

    page: HelpPage
    section: Section
    excerpt: str


@cache
def shelf(name: str) -> tuple[HelpPage, ...]:
    """The pages of a shelf, in order."""
    return tuple(_read(name, path) for path in sorted((TEXTS / name).glob("*.md")))


def page(shelf_name: str, slug: str) -> HelpPage | None:
    """One page, or None."""
    return next((one for one in shelf(shelf_name) if one.slug == slug), None)


def find(text: str) -> tuple[Found, ...]:
    """The sections that hold every word of a question, those that have them in their title first."""
    words = folded(text).split()
    if not words:
        return ()
    found = []
    for one in (*shelf(DOCUMENTATION), *shelf(TUTORIALS)):
        for section in one.sections:
            title = folded(f"{one.title} {section.title}")
            whole = f"{title} {folded(section.text)}"
            if all(word in whole for word in words):
                missed = sum(word not in title for word in words)
                found.append((missed, Found(one, section, _excerpt(section.text, words))))
    return tuple(one for _, one in sorted(found, key=lambda one: one[0]))


def folded(text: str) -> str:
    """Without case nor accents."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("’", "'")


def _read(name: str, path: Path) -> HelpPage:
    written = path.read_text("utf-8")
    head, body = written.split("\n", 1)
    # html=False: markup written in a text is shown as text; javascript: and data: links are refused by the parser
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    tokens = reader.parse(body)
    sections = tuple(_sections(tokens))
    tokens = list(_tables(tokens))
    html = Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - our own files, HTML off
    lead = next((token.content for token in tokens if token.type == "inline"), "")
    return HelpPage(name, path.stem.split("-", 1)[1], head.removeprefix("# ").strip(), _plain(lead), html, sections)


def _sections(tokens: list[Token]) -> Iterable[Section]:
    """The sections; each title gets the id by which one comes to it."""
    title, key, words = "", "", list[str]()
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            yield Section(key, title, " ".join(words))
            title, words = _plain(tokens[place + 1].content), []
            key = re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-")
            token.attrSet("id", key)
        elif token.type == "inline" and (place == 0 or tokens[place - 1].tag != "h2"):
            words.append(_plain(token.content))
    yield Section(key, title, " ".join(words))


def _tables(tokens: list[Token]) -> Iterable[Token]:
    """Each table in a part that scrolls by itself: a phone is narrower than it."""
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "e-table")
            opening = '<div class="e-scroll" tabindex="0" role="region" aria-label="Tableau défilant">'
            yield Token("html_block", "", 0, content=opening)
        yield token
        if token.type == "table_close":
            yield Token("html_block", "", 0, content="</div>\n")


def _plain(markdown: str) -> str:
    """The words of a line of Markdown."""
    return re.sub(r"[*`]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)).replace("\n", " ")


def _excerpt(text: str, words: list[str]) -> str:
    """A part of the text around the first word found in it."""
    low = folded(text)
    at = min((low.find(word) for word in words if word in low), default=0)
    begin = text.rfind(" ", 0, max(0, at - EXCERPT // 3)) + 1
    end = len(text) if len(text) - begin <= EXCERPT else text.rfind(" ", begin, begin + EXCERPT)
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
