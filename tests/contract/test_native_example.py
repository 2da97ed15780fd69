"""The example distribution by itself: its own tests, what it imports, and what the kit finds once it is broken (BL-14, PL-07)."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import module_from_spec
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from core.testing import conformance
from tests.contract import alizes
from tests.contract import bancal

pytestmark = pytest.mark.xdist_group("kit")
TESTS = alizes.ROOT / "tests" / "test_alizes.py"
NAMES = [node.name for node in ast.parse(TESTS.read_text("utf-8")).body if getattr(node, "name", "").startswith("test_")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The distribution, laid once."""
    return alizes.lay(tmp_path_factory.mktemp("alizes"))


@pytest.mark.parametrize("name", NAMES)
def test_its_own_tests_pass(site: Path, name: str) -> None:
    """BL-14: as its author runs them, where it is installed."""
    with bancal.installed(site):
        spec = spec_from_file_location("encours_alizes_tests", TESTS)
        assert spec is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)  # type: ignore[union-attr]
        getattr(module, name)()


def test_it_uses_the_public_door_only() -> None:
    """BL-14: the plugin imports `core.api` alone of core, its program nothing of it, its tests `core.testing` besides."""
    allowed = {"encours_alizes": ("core.api",), "office_alizes": (), "tests": ("core.api", "core.testing")}
    for folder, doors in allowed.items():
        for path in (alizes.ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
                for name in names:
                    assert not name.startswith(("core", "plugins")) or name.startswith(doors), f"{path.name}: {name}"


def test_the_kit_walks_through_a_journey_and_finds_what_breaks(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """BL-14, PL-07: a wrong type from a later step, HTML in the label of a field."""
    with bancal.installed(site):
        acts: Any = import_module("encours_alizes.acts")
        monkeypatch.setattr(acts, "Ready", lambda **_more: 42)
        monkeypatch.setattr(acts.OriginForm._declared_fields["detail"], "metadata", {"label": "<b>Précision</b>"})
        found = conformance.check(alizes.NAME, only=("types", "étiquettes")).findings
    assert {(one.rule, one.what.split(" :")[0]) for one in found} == {
        ("types", "continue_transaction"), ("étiquettes", "continue_transaction"),
    }  # fmt: skip
