"""What is shown is text: no HTML in a label, nothing declared safe, names of people escaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html import unescape

from markupsafe import escape

from core.testing.conformance.bench import MARK
from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import texts
from core.testing.conformance.findings import Finding
from core.testing.conformance.subject import walk

_HTML = re.compile(r"<\s*/?\s*[a-zA-Z][^<>]*>|&(?:[a-z]+|#\d+);")
#: The same, escaped, in a page.
_SHOWN = re.compile(r"&lt;/?(?:b|i|em|strong|span|div|p|br|a|u|small|img|h[1-6])\b[^;]{0,80}?&gt;")
#: In templates: what the content policy or the escaping rules refuse.
FORBIDDEN = {
    "un texte déclaré sûr (|safe)": re.compile(r"\|\s*safe\b|\bMarkup\("),
    "l'échappement coupé": re.compile(r"autoescape\s+false", re.I),
    "un style dans la page": re.compile(r"\sstyle\s*=|<style\b", re.I),
    "un script dans la page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"']", re.I),
}


def check(bench: Bench) -> Iterator[Finding]:
    """Results, sources, templates, pages."""
    subject = bench.subject
    for one in bench.called:
        for path, text in texts(one.trial.result):
            if hasattr(text, "__html__") or (_HTML.search(text) and MARK not in text):
                yield Finding("", f"{one.title} : {path} contient du HTML : {text[:60]!r}", subject.place_of(one.function))
    for source, node in walk(subject):
        called = node.func if isinstance(node, ast.Call) else None
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name == "Markup":
            yield Finding("", "Markup(…) déclare sûr un texte", subject.place(source.path, getattr(node, "lineno", None)))
    for template in subject.templates:
        for number, line in enumerate(template.read_text("utf-8").splitlines(), 1):
            for what, pattern in FORBIDDEN.items():
                if pattern.search(line):
                    yield Finding("", f"le gabarit contient {what}", subject.place(template, number))
    for page in bench.pages:
        if page.kind != "text/html":
            continue
        if MARK in page.text:
            yield Finding("", f"{page.path} montre un nom sans l'échapper", bench.view_place(page.endpoint))
        if shown := _SHOWN.search(page.text.replace(str(escape(MARK)), "")):
            what, place = f"{page.path} montre du HTML comme du texte : {unescape(shown[0])}", bench.view_place(page.endpoint)
            yield Finding("", what, place, why="Qui lit la page voit des balises au milieu des mots.")
