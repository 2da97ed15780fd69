"""What people read is French, and in templates stands inside _(…), so that it can be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import TemplateSyntaxError
from jinja2 import nodes

from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import texts
from core.testing.conformance.findings import Finding

#: Words of English screens that no French one has.
ENGLISH = frozenset(
    """
    about account accounts add address after all amount and any apply are at back balance bank before by cancel changes
    choose click close company confirm create customer customers dashboard delete disabled download edit enabled enter error
    failed files for from get has have help history home if invalid is it item items last latest list loading login logout
    manage missing more my name new next no not number of open order orders our overview password payment pending please
    previous profile report reports required results save search select send settings setup show sign sorry status submit
    success summary that the their there this to today try unknown update upload user users value view warning welcome with
    you your
    """.split()
)
#: Words that an English text of a screen does not have.
_FRENCH = frozenset(
    "au aux avec ce ces dans de des du en est et la le les leur mon ne ou par pas pour que qui sa sans ses sur un une à d l".split()
)
_WORD = re.compile(r"[^\W\d_]+")
#: Fields of results that are codes, not words.
CODES = frozenset({
    "key", "endpoint", "icon", "permission", "rubric", "zone", "state", "kind", "mode", "nature", "plugin", "level", "code",
    "reason_code", "decision_id", "acr", "action", "origins", "params", "form_url", "remedy_url", "id", "all_endpoint", "on",
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
    for what, text in said:
        if english(text):
            yield Finding("", f"{what} est en anglais : {text[:60]!r}", subject.place_of(type(plugin).blueprint))
    for path in subject.templates:
        try:
            tree = bench.encours.app.jinja_env.parse(path.read_text("utf-8"))
        except TemplateSyntaxError as error:
            yield Finding("", f"le gabarit ne se lit pas : {error.message}", subject.place(path, error.lineno))
            continue
        french = subject.quality.get("french", {}).get(path.name)  # why this one is French for good
        for line, text in () if french else untranslated(tree):
            yield Finding("", f"un texte du gabarit n'est pas traduisible : {text[:60]!r}", subject.place(path, line),
                          todo="Écrivez-le en français dans {{ _('…') }}.")  # fmt: skip
        for line, text in translated(tree):
            if english(text):
                yield Finding("", f"un texte du gabarit est en anglais : {text[:60]!r}", subject.place(path, line))


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
