"""The suite's groups hold: what shares one stage runs on one worker (`make test`)."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.xdist_group("groups")


def test_the_group_is_in_the_name(request: pytest.FixtureRequest) -> None:
    """With `--dist loadgroup` a worker tells its groups by the names of its tests; without, names are plain."""
    grouped = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@groups") is bool(grouped)
