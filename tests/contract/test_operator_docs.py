"""What an operator reads is complete: every command, option, setting and metric; the map is drawn from the contracts."""

from __future__ import annotations

import configparser
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import click
import pytest
from flask import Flask

from core.cli import cli
from core.config import Config
from core.shell import standing
from tests.conftest import People

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "operator.md").read_text("utf-8")
#: Words that no French help has.
ENGLISH = re.compile(r"\b(the|and|of|with|for|is|this|show|file)\b", re.I)


def commands(group: click.Group = cli, words: tuple[str, ...] = ("encours",)) -> Iterator[tuple[str, click.Command]]:
    """Every command, groups included, by its words."""
    for name, command in group.commands.items():
        yield " ".join((*words, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


LEAVES = [(words, command) for words, command in commands() if not isinstance(command, click.Group)]


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_and_option_has_french_help(words: str, command: click.Command) -> None:
    """Operations: `--help` says in French what each is for."""
    texts = {words: command.help or ""} | {
        f"{words} {option.opts[0]}": option.help or "" for option in command.params if isinstance(option, click.Option)
    }
    assert [name for name, text in texts.items() if not text.strip() or ENGLISH.search(text)] == []


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_command_and_option_stands_in_the_operator_s_page(words: str, command: click.Command) -> None:
    """Operations: one row a command, with all of its options."""
    row = re.search(rf"^\| `{words}(?: [A-Z]+)?` \|([^|]*)\|", PAGE, re.M)
    assert row, words
    wanted = {option.opts[0] for option in command.params if isinstance(option, click.Option)}
    assert set(re.findall(r"`(--[a-z-]+)`", row.group(1))) == wanted


def test_every_setting_stands_in_the_operator_s_page() -> None:
    """Operations: each value of `core.config.Config`, and none that does not exist."""
    known = {f"ENCOURS_{field.name.upper()}" for field in fields(Config)}
    table = PAGE[PAGE.index("| variable |") : PAGE.index("## In production")]
    assert set(re.findall(r"`(ENCOURS_\w+)`", table)) == known


def test_the_examples_of_the_operator_s_page_are_right() -> None:
    """Operations: `encours.toml` names settings of their types; the units start commands that exist."""
    example = re.search(r"```toml\n(.*?)```", PAGE, re.S)
    assert example
    values = tomllib.loads(example.group(1))
    kinds = {field.name: str(field.type) for field in fields(Config)}
    assert {name: type(value).__name__ for name, value in values.items()} == {name: kinds[name].split("[")[0] for name in values}
    for name, given in values["plugins"].items():
        known = {one.name: one for one in entry_points(group="encours.plugins")}[name].load()
        assert known.settings_schema(unknown="raise").load(given, partial=True)
    Config(**values, secret_key="s" * 40, kek="k" * 44)
    units = re.findall(r"```ini\n(.*?)```", PAGE, re.S)
    assert len(units) == 2
    for text in units:
        unit = configparser.ConfigParser(strict=True, interpolation=None)
        unit.read_string(text)
        assert unit["Service"]["ExecStart"].split()[-1] in cli.commands


def test_every_metric_stands_in_the_operator_s_page(app: Flask, people: People) -> None:
    """Operations: a figure that nobody explains is of no use."""
    standing.forget()
    text = app.test_client().get("/metrics").get_data(as_text=True)
    names = set(re.findall(r"^# TYPE (encours_\w+)", text, re.M))
    assert names >= {"encours_requests_total", "encours_jobs", "encours_breakers"}
    assert [name for name in names if name not in PAGE] == []


@pytest.fixture(scope="module")
def drawing() -> ModuleType:
    spec = importlib.util.spec_from_file_location("architecture_map", ROOT / "scripts" / "architecture_map.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_map_is_what_the_contracts_say(drawing: ModuleType) -> None:
    """docs/architecture.md: run `python scripts/architecture_map.py` where this fails."""
    drawn = drawing.FILE.read_text("utf-8")
    assert drawn == drawing.drawn()
    assert all(f">core.{name}<" in drawn for floor in drawing.floors() for name in floor)
    assert all(drawing.words(f"core.{name}") for floor in drawing.floors() for name in floor)
    assert all(f">{name}<" in drawn for name in drawing.plugins())


def test_files_named_by_the_architecture_page_exist() -> None:
    """docs/architecture.md leads nowhere wrong."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:core|plugins|scripts|tests)/[\w/]+(?:\.py)?)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert len(named) > 20
