"""A third party's plugin of one test is in no other test's application, whatever their order in one process (PL-03, PL-04)."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from core.app import create_app
from core.hooks.registry import Registry
from tests.conftest import left_on_the_path
from tests.conftest import make_config
from tests.contract import bancal
from tests.contract.conftest import House

pytestmark = pytest.mark.xdist_group("walls")

TESTS = Path(__file__).parent.parent
OURS = {path.parent.name for path in (TESTS.parent / "plugins").glob("*/plugin.py")}
#: What makes a folder importable in this very process.
OPENED = re.compile(r"syspath_prepend|\bsys\.path\.(?:insert|append|extend)|\bsys\.path\[.*=|\baddsitedir\b|\bmeta_path\[.*=")


def found() -> set[str]:
    """The plugins that an application made now would have."""
    registry = Registry()
    registry.discover()
    assert registry.broken == []
    return set(registry.plugins)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return bancal.write(tmp_path / "site", plugin="passant")


def test_the_house_s_plugin_is_in_the_house_only(house: House, tmp_path: Path) -> None:
    """PL-03: the house keeps its third party's plugin for the whole session; another application beside it has ours."""
    assert set(house.hub.registry.plugins) == {*OURS, "bancal"}
    made = create_app(make_config(tmp_path))
    assert set(made.extensions["encours_hub"].registry.plugins) == OURS
    made.extensions["encours_hub"].close()
    assert not [name for name in sys.modules if name.startswith("encours_")]


def test_it_is_found_while_its_block_lasts(site: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """PL-03: inside the block like any installed one, after it not even where the block ended in an error."""
    with bancal.installed(site):
        assert found() == {*OURS, "passant"}
        assert left_on_the_path(pytestconfig) == [str(site)]
    assert found() == OURS
    with suppress(RuntimeError), bancal.installed(site):
        assert found() == {*OURS, "passant"}
        raise RuntimeError
    assert found() == OURS
    assert left_on_the_path(pytestconfig) == []


def test_two_of_one_name_are_two(tmp_path: Path) -> None:
    """The second block reads its own folder, not what the first one imported; a block inside another gives it back."""
    first = bancal.write(tmp_path / "un", plugin="passant", company="une")
    second = bancal.write(tmp_path / "deux", plugin="passant", company="deux")
    with bancal.installed(first):
        assert found() == {*OURS, "passant"}
        outer = sys.modules["encours_passant.plugin"]
        assert outer.PassantPlugin.partner.companies == ("une",)
        with bancal.installed(second):
            found()
            assert sys.modules["encours_passant.plugin"].PassantPlugin.partner.companies == ("deux",)
        assert sys.modules["encours_passant.plugin"] is outer


def test_there_is_one_door() -> None:
    """No test opens the path by itself: `bancal.installed` does; programs apart have a path of their own."""
    own = re.compile(r'^[A-Z_]+ = """.*?^"""', re.MULTILINE | re.DOTALL)  # a program that a test runs apart
    opened = {
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("*.py")
        if "node_modules" not in path.parts and path != Path(__file__) and OPENED.search(own.sub("", path.read_text("utf-8")))
    }
    assert opened == {"contract/bancal.py"}
