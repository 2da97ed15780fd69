"""The second partner: a distribution outside the tree, installed by pip, that joins by SAML with the kit alone (BL-14, PL-07)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.contract.test_kit_end_to_end import run

pytestmark = pytest.mark.xdist_group("kit")
ROOT = Path(__file__).parent.parent.parent
HORIZON = ROOT / "examples" / "horizon"
#: Lines of Python in all, its tests with it.
MOST = 150


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip put it, made from a copy: a build leaves its traces beside the sources."""
    where, site = tmp_path_factory.mktemp("horizon"), tmp_path_factory.mktemp("site")
    for path in HORIZON.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = where / path.relative_to(HORIZON)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(site), ".")
    run(where, site, *pip, PIP_DISABLE_PIP_VERSION_CHECK="1")
    return site


def test_it_is_small_and_asks_for_the_kit_only() -> None:
    """BL-14: fewer than 150 lines of Python in all; it imports `core.api` and `core.testing`; nothing of it knows SAML."""
    sources = {path: path.read_text("utf-8") for path in HORIZON.rglob("*.py")}
    assert sum(len(text.splitlines()) for text in sources.values()) < MOST
    for path, text in sources.items():
        for module in re.findall(r"^(?:from|import) (core[.\w]*|plugins[.\w]*|plp_conform[.\w]*)", text, re.MULTILINE):
            assert module.startswith(("core.api", "core.testing")), f"{path.name}: {module}"
    code = "".join(line for path, text in sources.items() if "tests" not in path.parts for line in text.splitlines())
    assert "signxml" not in code
    assert "assertion" not in code.lower()


def test_its_own_tests_pass(site: Path) -> None:
    """PL-07, PLP-115 to PLP-120: silver by the conformance kit; one click at a fake partner by SAML, its answer encrypted."""
    assert "5 passed" in run(HORIZON, site, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")


def test_it_is_written_as_core_is(site: Path) -> None:
    """PL-07: ruff by its own settings, mypy as strictly as on core."""
    run(HORIZON, site, "-m", "ruff", "check", "--no-cache", ".")
    sources = [str(HORIZON / name) for name in ("encours_horizon", "tests")]
    run(ROOT, site, "-m", "mypy", "--config-file", "setup.cfg", *sources)
