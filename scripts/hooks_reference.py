"""Make docs/hooks.md from core/hooks (specs.py and the types beside it) and docs/examples/hooks.py (PL-02).

`python scripts/hooks_reference.py` writes it; a test fails when the committed page is another, or when a hook, an
argument, a field or an example has no words.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import typing
from configparser import ConfigParser
from dataclasses import MISSING
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from core.hooks import declared as declared_module  # noqa: E402
from core.hooks import feeds as feeds_module  # noqa: E402
from core.hooks import happenings as happenings_module  # noqa: E402
from core.hooks import journeys as journeys_module  # noqa: E402
from core.hooks import messages as messages_module  # noqa: E402
from core.hooks import portfolios as portfolios_module  # noqa: E402
from core.hooks import queries as queries_module  # noqa: E402
from core.hooks import specs as specs_module  # noqa: E402 - the path comes first
from core.hooks import types as types_module  # noqa: E402
from core.hooks import wealth as wealth_module  # noqa: E402
from core.hooks.registry import Registry  # noqa: E402
from core.hooks.specs import Plugin  # noqa: E402
from core.hooks.specs import Spec  # noqa: E402
from core.hooks.specs import specs  # noqa: E402

PAGE = ROOT / "docs" / "hooks.md"
EXAMPLES = ROOT / "docs" / "examples" / "hooks.py"
LANES = {
    "inline": "inline: in place, no database, no network, under 250 ms",
    "guarded": "guarded: on the plugin's own threads, with its own session (`core.api.db.session()`), given up at the deadline",
}
KINDS = {
    "collect": "collect: every enabled plugin is asked, the answers are put together",
    "addressed": "addressed: one plugin is asked, the partner's",
    "notify": "notify: every enabled plugin is told, after the commit",
}
INTRO = """# Hooks
<!-- Made by scripts/hooks_reference.py from core/hooks/*.py and docs/examples/hooks.py. -->

What core asks of plugins, and when. A plugin subclasses `core.api.Plugin` and decorates what it overrides with
`@hookimpl`; [plugin-author.md](plugin-author.md) says how to begin. Each hook has a bundled plugin, or an example distribution,
that uses it.

The first argument is always `ctx`, a [`Context`](#context): who asks, for which cabinet, with which settings. Arguments
and results are frozen dataclasses of `core.api.types`; core checks what comes back, escapes and renders it.

What a plugin raises of the error words of `core.api` is told to the person in its slot, and counts as no fault. Anything
else (an exception, a wrong type, a late answer) is counted: «Le module … est indisponible», with a reference that finds
the log. Five faults in a row, or three overruns of an inline hook, pause that hook for five minutes. Beside what each hook
says under «if it fails», no fault of a plugin takes more than its own slot down.
"""


@dataclass(frozen=True, slots=True)
class Words:
    """A docstring, taken apart. `arguments` by name; empty where a part is missing."""

    text: str
    when: str
    arguments: dict[str, str]
    returns: str
    fails: str


def words_of(name: str) -> Words:
    """What a hook's docstring says."""
    function = getattr(Plugin, name)
    known = {"When", "Returns", "Fails", *arguments_of(name)}
    text: list[str] = []
    parts: dict[str, list[str]] = {}
    here: list[str] = text
    for line in inspect.cleandoc(function.__doc__ or "").splitlines():
        found = re.match(r"(\w+): (.*)", line)
        if found and found.group(1) in known:
            here = parts.setdefault(found.group(1), [])
            line = found.group(2)
        here.append(line.strip())
    said = {key: " ".join(lines).strip() for key, lines in parts.items()}
    arguments = {key: said.get(key, "") for key in arguments_of(name)}
    return Words("\n".join(text).strip(), said.get("When", ""), arguments, said.get("Returns", ""), said.get("Fails", ""))


def arguments_of(name: str) -> dict[str, str]:
    """A hook's arguments but `ctx`, with their types as they are written."""
    function = getattr(Plugin, name)
    return {key: text for key, text in function.__annotations__.items() if key not in ("self", "ctx", "return")}


@cache
def example_of(name: str) -> str:
    """The method of that name in the example plugin, and the function that it names; empty where there is none."""
    source = EXAMPLES.read_text("utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    plugin = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.endswith("Plugin"))
    method = next((node for node in plugin.body if isinstance(node, ast.FunctionDef) and node.name == name), None)
    if method is None:
        return ""
    first = min([method.lineno, *(item.lineno for item in method.decorator_list)])
    used = {node.id for node in ast.walk(method) if isinstance(node, ast.Name)}
    helpers = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in used]
    shown = [inspect.cleandoc("\n" + "\n".join(lines[first - 1 : method.end_lineno]))]
    shown += ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in helpers]
    return re.sub(r"  # fmt: skip$", "", "\n\n".join(shown), flags=re.M)


@cache
def families() -> dict[str, str]:
    """Hook → the family under whose heading it stands in specs.py."""
    found, family = {}, ""
    for line in inspect.getsource(specs_module).splitlines():
        if heading := re.match(r"    # --- (.+?) -+$", line):
            family = heading.group(1)
        if method := re.match(r"    def (\w+)\(", line):
            found[method.group(1)] = family
    return found


@cache
def bundled() -> Registry:
    """The plugins of this repository, and no other that may be installed."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    registry = Registry()
    for line in setup["options.entry_points"]["encours.plugins"].strip().splitlines():
        name, _, target = (part.strip() for part in line.partition("="))
        module, _, member = target.partition(":")
        registry.register(name, getattr(__import__(module, fromlist=[member]), member))
    return registry


def users_of(name: str) -> str:
    """Links to the bundled plugins that implement a hook."""
    found = []
    for one in sorted(bundled().implementations(name), key=lambda item: item.plugin.name):
        file = Path(inspect.getfile(inspect.unwrap(one.function))).resolve().relative_to(ROOT)
        through = "" if file.parts[0] == "plugins" else " (by `core.api.partner.PartnerPlugin`)"
        found.append(f"[{one.plugin.name}](../{file}){through}")
    for file in [] if found else sorted(ROOT.glob("examples/*/encours_*/plugin.py")):
        if f"def {name}(" in file.read_text("utf-8"):
            found.append(f"[{file.parts[-3]}](../{file.relative_to(ROOT)}) (an example distribution)")
    return ", ".join(found)


def types() -> dict[str, Any]:
    """The types of hooks, module by module, in the order of each."""
    return {
        name: item
        for module in (
            types_module, happenings_module, journeys_module, queries_module, wealth_module, feeds_module, portfolios_module,
            messages_module, declared_module,
        )
        for name, item in vars(module).items()
        if inspect.isclass(item) and is_dataclass(item) and item.__module__ == module.__name__
    }  # fmt: skip


@cache
def field_words(cls: type) -> dict[str, str]:
    """Field → the word beside it (`#:` after it, or on the lines above it)."""
    lines = inspect.getsource(cls).splitlines()
    found: dict[str, str] = {}
    above: list[str] = []
    for line in lines:
        if comment := re.match(r"    #: (.*)", line):
            above.append(comment.group(1))
            continue
        if field := re.match(r"    (\w+): [^#]*(?:#: (.*))?", line):
            found[field.group(1)] = " ".join([*above, field.group(2) or ""]).strip()
        above = []
    return found


def page() -> str:
    """The whole page."""
    all_specs = specs()
    parts = [INTRO, "## Contents"]
    for family in dict.fromkeys(families()[name] for name in all_specs):
        inside = ", ".join(f"[`{name}`](#{name})" for name in all_specs if families()[name] == family)
        parts.append(f"- **{_capital(family)}**: {inside}")
    parts.append("- **[Types](#types)**: " + ", ".join(f"[`{name}`](#{name.lower()})" for name in types()))
    for family in dict.fromkeys(families()[name] for name in all_specs):
        parts += ["", f"## {_capital(family)}"]
        parts += [_hook(name, spec) for name, spec in all_specs.items() if families()[name] == family]
    said = "Of `core.api.types`; feeds' and portfolios' are of `core.api.feeds`. A field without a default is given always."
    parts += ["", "## Types", said]
    parts += [_type(name, cls) for name, cls in types().items()]
    return "\n".join(parts).rstrip() + "\n"


def _hook(name: str, spec: Spec) -> str:
    words, arguments = words_of(name), arguments_of(name)
    signature = ", ".join(["ctx", *arguments])
    rows = [f"\n### `{name}`", f"`{name}({signature})` → `{_returned(name)}`\n", words.text, "", "| | |", "|---|---|"]
    rows += [f"| called | {words.when} |", f"| kind | {KINDS[spec.kind]} |", f"| lane | {LANES[spec.lane]} |"]
    rows += [f"| deadline | {spec.limit:g} s |"] if spec.lane == "guarded" else []
    rows += [f"| if it fails | {words.fails} |", f"| used by | {users_of(name)} |", f"| since | core.api {spec.since} |"]
    rows += ["", "| argument | type | |", "|---|---|---|"]
    rows += ["| `ctx` | [`Context`](#context) | who asks, for which cabinet |"]
    rows += [f"| `{key}` | {_linked(text)} | {words.arguments[key]} |" for key, text in arguments.items()]
    rows += [f"| *returns* | {_linked(_returned(name))} | {words.returns} |"]
    return "\n".join([*rows, "", "```python", example_of(name), "```"])


def _type(name: str, cls: Any) -> str:
    rows = [f"\n### `{name}`", inspect.cleandoc(cls.__doc__ or ""), "", "| field | type | default | |", "|---|---|---|---|"]
    words = field_words(cls)
    for one in fields(cls):
        if one.name in ("configured", "partners", "prepared"):
            continue  # the hub's own
        rows.append(f"| `{one.name}` | {_linked(str(one.type))} | {_default(one)} | {words.get(one.name, '')} |")
    methods = [item for key, item in vars(cls).items() if inspect.isfunction(item) and not key.startswith("_")]
    rows += [f"| `{item.__name__}()` | | | {inspect.getdoc(item) or ''} |" for item in methods]
    return "\n".join(rows)


def _default(one: Any) -> str:
    if one.default is not MISSING:
        return f"`{one.default!r}`"
    return "" if one.default_factory is MISSING else "empty" if one.default_factory in (dict, tuple) else "made anew"


def _returned(name: str) -> str:
    text: str = getattr(Plugin, name).__annotations__["return"]
    return text


def _linked(text: str) -> str:
    """A type as it is written, its own types linked."""
    text = text.replace("|", r"\|")
    inner = [word for word in dict.fromkeys(re.findall(r"\w+", text)) if word in types()]
    links = ", ".join(f"[{word}](#{word.lower()})" for word in inner)
    if text in inner:
        return f"[`{text}`](#{text.lower()})"
    if text == "Event":
        members = typing.get_args(happenings_module.Event)
        links = ", ".join(f"[{item.__name__}](#{item.__name__.lower()})" for item in members)
    return f"`{text}`" + (f" ({links})" if links else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
