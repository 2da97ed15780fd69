"""The example of a module that sends messages: its own test, and the door that it uses (PF-03, PL-01)."""

from __future__ import annotations

import ast
from importlib.util import module_from_spec
from importlib.util import spec_from_file_location
from pathlib import Path

from tests.contract import bancal

FACTEUR = Path(__file__).parents[2] / "examples" / "facteur"


def test_its_own_test_passes(tmp_path: Path) -> None:
    """PF-03: a message is one file, whole, however often it is asked for."""
    with bancal.installed(FACTEUR):
        spec = spec_from_file_location("encours_facteur_tests", FACTEUR / "tests" / "test_facteur.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        module.test_a_file_once(tmp_path)
    assert list(tmp_path.iterdir())


def test_it_uses_the_public_door_only() -> None:
    """PL-01: of Encours it imports `core.api` alone."""
    for path in FACTEUR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            assert not name.startswith(("core", "plugins")) or name.startswith("core.api"), f"{path.name}: {name}"
