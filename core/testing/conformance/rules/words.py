"""What people read is French, and in templates stands inside _(…), so that it can be translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError
from jinja2 import nodes

from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import texts
from core.testing.conformance.desk import Desk
from core.testing.conformance.findings import Finding
from core.testing.conformance.subject import walk

_TEXTS = Path(__file__).parent.parent / "texts"
#: Words of English screens that no French one has.
ENGLISH = frozenset((_TEXTS / "english.txt").read_text("utf-8").split())
#: Words that an English text of a screen does not have.
_FRENCH = frozenset((_TEXTS / "french.txt").read_text("utf-8").split())
_WORD = re.compile(r"[^\W\d_]+")
#: Fields of results that are codes, not words.
CODES = frozenset({
    "key", "endpoint", "icon", "permission", "rubric", "zone", "state", "kind", "mode", "nature", "plugin", "level", "code",
    "reason_code", "decision_id", "acr", "action", "origins", "params", "form_url", "remedy_url", "id", "all_endpoint", "on",
    "values",
})  # fmt: skip
_TAG = re.compile(r"<(?:!--.*?--|[^<>]*)>", re.S)
_SAID = re.compile(r"""\b(?:aria-label|title|placeholder|alt)\s*=\s*"([^"{}<>]*[^\W\d_]{2}[^"{}<>]*)\"""")


def check(bench: Bench) -> Iterator[Finding]:
    """Results of hooks, settings, templates."""
    subject, plugin = bench.subject, bench.plugin
    for one in bench.called:
        for path, text in texts(one.trial.result):
            if path.rpartition(".")[2].split("[")[0] not in CODES and english(text):
                yield Finding("", f"{one.title} : {path} est en anglais : {text[:60]!r}", subject.place_of(one.function))
    said = [("title", plugin.title), *(("sends", text) for text in plugin.sends)]
    if plugin.settings_schema is not None:
        with bench.encours.app.test_request_context("/"):
            for name, known in plugin.settings_schema().fields.items():
                said += [(f"réglage {name}", str(known.metadata.get(key) or "")) for key in ("label", "help")]
    for command in plugin.commands:
        said.append((f"commande {command.name}", command.help or ""))
        said += [(f"commande {command.name} {one.name}", str(getattr(one, "help", None) or "")) for one in command.params]
    for operation in Desk(bench).operations:
        said.append((f"{operation.method} {operation.path}", f"{operation.title} {operation.about}"))
    for what, text in said:
        if english(text):
            yield Finding("", f"{what} est en anglais : {text[:60]!r}", subject.place_of(type(plugin).blueprint))
    for source, node in walk(subject):
        if (found := _said(node)) is not None and found[0]:  # no text at all says nothing
            yield Finding("", f"un texte n'est pas traduisible : {found[0][:60]!r}", subject.place(source.path, found[1]),
                          todo="Écrivez-le en français dans _('…'), ou lazy_gettext pour un champ.")  # fmt: skip
    for template in subject.templates:
        try:
            tree = bench.encours.app.jinja_env.parse(template.read_text("utf-8"))
        except TemplateSyntaxError as error:
            yield Finding("", f"le gabarit ne se lit pas : {error.message}", subject.place(template, error.lineno))
            continue
        french = subject.quality.get("french", {}).get(template.name)  # why this one is French for good
        for line, text in () if french else untranslated(tree):
            yield Finding("", f"un texte du gabarit n'est pas traduisible : {text[:60]!r}", subject.place(template, line),
                          todo="Écrivez-le en français dans {{ _('…') }}.")  # fmt: skip
        for line, text in translated(tree):
            if english(text):
                yield Finding("", f"un texte du gabarit est en anglais : {text[:60]!r}", subject.place(template, line))


def _said(node: ast.AST) -> tuple[str, int] | None:
    """A text that a message or a field's label shows, written where no translation finds it."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    called, first = node.func, node.args[0]
    shows = getattr(called, "id", "") == "flash" or getattr(getattr(called, "value", None), "id", "") == "fields"
    found = shows and isinstance(first, ast.Constant) and isinstance(first.value, str)
    return (str(ast.literal_eval(first)), node.lineno) if found else None


def english(text: str) -> bool:
    """Whether a text is English rather than French: it has English words and none of French."""
    found = [word.casefold() for word in _WORD.findall(re.sub(r"%\(\w+\)s|\{\w*\}", "", text))]
    return any(word in ENGLISH for word in found) and not any(word in _FRENCH for word in found)


def untranslated(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Words that stand in a template outside of any call."""
    inside = False  # in a tag that a later piece of the template closes
    for node in tree.find_all(nodes.TemplateData):
        data = f"<{node.data}" if inside else node.data
        for said in _SAID.findall(data):
            yield node.lineno, said
        inside = data.rpartition("<")[2].find(">") < 0 and "<" in data
        shown = _TAG.sub(" ", f"{data}>" if inside else data)
        for word in (piece.strip() for piece in shown.split("\n")):
            if re.search(r"[^\W\d_]{2}", re.sub(r"&\w+;", "", word)):
                yield node.lineno, word


def translated(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """The texts given to _() and ngettext()."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext"):
            for arg in call.args:
                if isinstance(arg, nodes.Const) and isinstance(arg.value, str):
                    yield call.lineno, arg.value
