"""Where a partner's mandate is followed: the pages that `core.activation` gives to each partner link, by their addresses.

Jobs and hooks name them too, which have no request to make an address in; hence texts, and one place for them.
"""

from __future__ import annotations

from typing import Literal

Page = Literal["activation", "conseillers"]


def address(plugin: str, page: Page = "activation") -> str:
    """The page of the mandate, or that of the enrolled advisers."""
    return f"/p/{plugin}/{page}"
