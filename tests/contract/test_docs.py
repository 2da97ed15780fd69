"""What README and docs say is true: the example is a plugin, links lead somewhere, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.api.partner import PartnerPlugin
from core.cli import cli
from core.cli.run import run
from core.hooks.registry import Registry

PAGES = [Path("README.md"), Path("CONTRIBUTING.md"), *sorted(Path("docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
COMMAND = re.compile(r"(?:^|`|/)encours ([a-z-]+(?: [a-z-]+)?)", re.MULTILINE)
#: The groups of `encours run` are the plugins' names, found when it is called.
PLUGINS = [path.parent.name for path in Path("plugins").glob("*/plugin.py")]
TARGET = re.compile(r"\bmake ([a-z-]+)")


def test_the_readme_s_plugin_is_one() -> None:
    """PL-03, PL-07: copied as it stands, it registers without a fault and links its partner's accounts."""
    code = re.search(r"```python\n(.*?)```", Path("README.md").read_text("utf-8"), re.S)
    assert code
    made: dict[str, object] = {}
    exec(code.group(1), made)  # noqa: S102 - our own README
    registry = Registry()
    plugin_class = made["ExamplePlugin"]
    assert isinstance(plugin_class, type)
    assert issubclass(plugin_class, PartnerPlugin)
    registry.register("example", plugin_class)
    assert registry.broken == []
    for hook in ("account_actions", "account_badges", "contact_sections", "transaction_columns"):
        assert registry.one(hook, "example") is not None


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """A relative link is a file of the repository."""
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_exist(page: Path) -> None:
    """interfaces.md: `encours …` and `make …` as they are written."""
    text = page.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text("utf-8"), re.MULTILINE))
    assert [name for name in TARGET.findall(" ".join(re.findall(r"`[^`]*`|```.*?```", text, re.S))) if name not in targets] == []
    wrong = []
    for words in COMMAND.findall(text):
        group, _, sub = words.partition(" ")
        command = cli.commands.get(group)
        known = PLUGINS if command is run else getattr(command, "commands", ())
        if command is None or (known and sub and sub != "--help" and sub not in known):
            wrong.append(words)
    assert wrong == []
