"""The house holds: floors, packages, routes' policies, templates, what may not be forgotten."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from flask import Flask

from core.hooks.specs import Plugin
from core.hooks.specs import specs
from core.web.policy import policy_of

ROOT = Path(__file__).parent.parent.parent


def test_no_package_of_core_is_forgotten_by_the_floors() -> None:
    """architecture.md §2: a new package must be placed on a floor."""
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    placed = set(re.findall(r"[a-z]+", parser["importlinter:contract:floors"]["layers"]))
    packages = {path.name for path in (ROOT / "core").iterdir() if (path / "__init__.py").is_file()}
    modules = {path.stem for path in (ROOT / "core").glob("*.py") if path.stem != "__init__"}
    assert packages | modules <= placed, sorted((packages | modules) - placed)


def test_every_route_declares_its_policy(app: Flask) -> None:
    """security-reliability.md §2.5: a route without a declared policy fails, plugins' included."""
    undeclared = [rule.rule for rule in app.url_map.iter_rules() if policy_of(app.view_functions[rule.endpoint]) is None]
    assert undeclared == []


def test_every_hook_says_what_it_is_for() -> None:
    """PL-02: each hook has a docstring, typed arguments with `ctx` first, and a bundled plugin that uses it."""
    for name in specs():
        function = getattr(Plugin, name)
        assert (function.__doc__ or "").strip(), name
        assert next(iter(function.__annotations__)) == "ctx", name
        assert "return" in function.__annotations__, name


def test_no_hook_without_a_user(app: Flask) -> None:
    """PL-02: a hook ships only with a bundled plugin that implements it, or with an example distribution (ADR 022)."""
    registry = app.extensions["encours_hub"].registry
    examples = "".join(path.read_text("utf-8") for path in (ROOT / "examples").glob("*/encours_*/plugin.py"))
    unused = [name for name in specs() if not registry.implementations(name) and f"def {name}(" not in examples]
    assert unused == []


@pytest.mark.parametrize("word", ["core", "plugins.nomineo.plugin"])
def test_the_simulated_extranet_runs_without_us(word: str) -> None:
    """BL-15: it shares no code with the platform: it imports with core made unimportable."""
    code = (
        "import sys\n"
        f"sys.modules[{word!r}] = None\n"
        "import plugins.nomineo.simulator.cli, plugins.nomineo.simulator.server, plugins.nomineo.simulator.web\n"
        f"assert not [name for name in sys.modules if name.startswith({word + '.'!r})]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs as a module is read: neither functions' bodies nor lambdas'."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            marks: list[ast.expr] = getattr(child, "decorator_list", [])
            for one in (*marks, *child.args.defaults):
                yield from (one, *_at_import(one))
        else:
            yield from (child, *_at_import(child))


def test_no_moment_to_come_is_reckoned_as_a_test_is_read() -> None:
    """A suite that began before midnight ends after it: «tomorrow» as of its beginning is then no longer to come."""
    clocks, found = {"today", "now", "epoch", "utcnow"}, []
    for path in (ROOT / "tests").rglob("*.py"):
        if "node_modules" in path.parts:
            continue
        for node in _at_import(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                asked = {ast.unparse(one.func).split(".")[-1] for one in ast.walk(node) if isinstance(one, ast.Call)}
                found += [f"{path.relative_to(ROOT)}:{node.lineno}"] if asked & clocks else []
    assert found == []


def _root(node: ast.expr) -> str:
    """The name that an expression begins with: «code» of `code[2:]`."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return ast.unparse(node)


def test_figures_are_counted_before_they_become_a_number() -> None:
    """`"²".isdigit()` holds, and `int` refuses «²», as it refuses five thousand figures: both were errors of ours once."""
    found = []
    for path in [*(ROOT / "core").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]:
        for function in (one for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.FunctionDef)):
            calls = [one for one in ast.walk(function) if isinstance(one, ast.Call)]
            asked = [one.func for one in calls if isinstance(one.func, ast.Attribute)]
            figures = {_root(one.value) for one in asked if one.attr in ("isdigit", "isdecimal", "isnumeric")}
            plain = {_root(one.value) for one in asked if one.attr in ("isascii", "isdecimal")}
            named = [(one.func.id, _root(one.args[0])) for one in calls if isinstance(one.func, ast.Name) and one.args]
            made = {name for called, name in named if called in ("int", "float")} & figures
            counted = {name for called, name in named if called == "len"}
            found += [f"{path.relative_to(ROOT)}:{function.lineno} {name}" for name in made - (plain & counted)]
    assert found == []


def test_nothing_committed_names_this_machine_or_a_registry() -> None:
    """No path of one machine, no registry host in any text file of the repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    hosts = re.compile(r"pypi\.org|files\.pythonhosted|registry\.npmjs|deb\.debian\.org|/root/|/home/[a-z]+/")
    found = []
    for name in listed:
        path = ROOT / name
        if path == Path(__file__) or path.suffix in {".png", ".woff2", ".pdf"} or "vendor" in path.parts or not path.is_file():
            continue
        if hosts.search(path.read_text("utf-8", errors="ignore")):
            found.append(name)
    assert found == []


def test_what_is_installed_has_every_file_of_its_packages() -> None:
    """interfaces.md, Commands: a wheel takes the files that `package_data` names; a folder that it forgets is missed late."""
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg", "utf-8")
    said = parser["options.package_data"]["*"].split(",")
    known = [re.escape(one.strip()).replace(r"\*\*", ".*").replace(r"\*", "[^/]*") for one in said]
    command = ["git", "ls-files", "-z", "core", "plugins", "themes", "plp_conform"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    forgotten = []
    for name in filter(None, listed.stdout.split("\0")):
        if name.endswith((".py", "README.md")):
            continue
        package = next(one for one in (ROOT / name).parents if (one / "__init__.py").is_file())
        within = (ROOT / name).relative_to(package).as_posix()
        if not any(re.fullmatch(one, within) for one in known):
            forgotten.append(name)
    assert not forgotten
