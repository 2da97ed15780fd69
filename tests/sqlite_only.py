"""The tests that say nothing on PostgreSQL, and why: left out there by one rule, and counted in the summary."""

from __future__ import annotations

from typing import Any

import pytest

from tests import databases

#: The beginning of a test's id → the reason.
REASONS: dict[str, str] = {
    "tests/core/db/test_migrate.py": "SQLite changes a table by copying it, which takes triggers away; PostgreSQL does not",
    "tests/core/db/test_upgrade.py": "the same copies, and the pragmas around them; see tests/postgres/test_upgrade.py",
    "tests/core/cabinets/test_rights_plans.py": "reads SQLite's plans; see tests/postgres/test_rights_plans.py",
    "tests/contract/test_kit_finds.py": "the kit's throwaway installation is SQLite's, whatever engine the suite is on",
    "tests/contract/test_kit_bundled.py": "the same installation",
    "tests/contract/test_kit_more.py": "the same installation",
    "tests/contract/test_native_example.py::test_its_own_tests_pass": "the same; test_native_journey.py runs on both",
    "tests/contract/test_second_partner.py::test_its_own_tests_pass": "the same; tests/core/links runs on both",
    "tests/contract/test_kit_end_to_end.py::test_the_command_says_it": "the same",
    "tests/contract/test_kit_end_to_end.py::test_their_own_tests_pass": "the same; the page itself is tried on both",
    "tests/contract/test_kit_end_to_end.py::test_ruff_and_mypy_have_nothing_to_say": "reads files only",
    "tests/contract/test_plugins_removed.py::test_any_folder": "no matter of the engine; core alone is tried on both",
    "tests/contract/test_bad_forms.py": "forms are judged before a database is asked; test_fuzz.py tries each route on both",
    "tests/contract/test_api_rights.py": "the same rules as pages have; test_rights_matrix.py runs on both",
    "tests/contract/test_plugin_why.py": "what the operator's commands say of plugins; test_plugin_off.py runs on both",
    "tests/contract/test_activation_anywhere.py": "pages of a partner; tests/core/links runs on both",
    "tests/contract/test_canaries.py": "tests/postgres/test_walls_apart.py walks the same pages there",
    "tests/contract/test_api_schema.py": "holds answers to their document, whatever the database; test_api_walls.py runs on both",
    "tests/core/web/test_headers.py": "headers of answers, whatever was asked of a database",
    "tests/core/files/test_previews.py": "pictures of documents; test_uploads.py runs on both",
    "tests/core/test_help.py": "texts on disk",
    "tests/plugins/nomineo/test_words.py": "words of pages; test_forms.py runs on both",
    "tests/plugins/nomineo/test_paper.py": "the paper itself; test_program.py runs on both",
    "tests/core/demo/test_demo_load.py::test_foreign_keys_hold": "SQLite's pragma; PostgreSQL checks keys as it writes",
}

_LEFT_OUT = pytest.StashKey[int]()


class SqliteOnly:
    """A pytest plugin: leaves them out, counts them, also where several workers run the suite."""

    @pytest.hookimpl
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if not databases.POSTGRESQL:
            return
        out = [item for item in items if item.nodeid.startswith(tuple(REASONS))]
        if out:
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if item not in out]
        config.stash[_LEFT_OUT] = len(out)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker tells whom it works for."""
        told: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
        if told is not None:
            told["left_out"] = session.config.stash.get(_LEFT_OUT, 0)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Workers collect the same tests: any one's count is the suite's."""
        node.config.stash[_LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if databases.POSTGRESQL:
            count = terminalreporter.config.stash.get(_LEFT_OUT, 0)
            terminalreporter.write_line(f"PostgreSQL: {count} tests of SQLite alone were left out (tests/sqlite_only.py)")
