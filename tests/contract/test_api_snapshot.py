"""The public interface is what docs/api.txt says: whoever changes it changes that file, and a reviewer reads the line (PL-07)."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from core import api
from core.api import types
from core.hooks.specs import specs

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def snapshot() -> ModuleType:
    spec = importlib.util.spec_from_file_location("api_snapshot", ROOT / "scripts" / "api_snapshot.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["api_snapshot"] = module
    spec.loader.exec_module(module)
    return module


def test_the_committed_interface_is_the_code_s(snapshot: ModuleType) -> None:
    """Run `python scripts/api_snapshot.py` where this fails, and see docs/plugin-author.md, «Versions»: what may change when."""
    assert snapshot.FILE.read_text("utf-8") == snapshot.text()


def test_every_name_field_and_hook_stands_in_it(snapshot: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules, names, hooks; and a signature that changes shows."""
    text = snapshot.text()
    assert {f"[core.api.{path.stem}]" for path in (ROOT / "core" / "api").glob("[a-z]*.py")} <= set(text.splitlines())
    assert all(f"\n{name}" in text for name in (*api.__all__, *types.__all__))
    assert all(f"\n{name}(ctx: Context" in text for name in specs())
    assert "\nAccountRef.link_ref: str | None = …\n" in text
    monkeypatch.setattr(api, "hookimpl", lambda function, *, later=False: function)
    changed = set(snapshot.text().splitlines()) - set(text.splitlines())
    assert changed == {"hookimpl(function, *, later = …)"}
