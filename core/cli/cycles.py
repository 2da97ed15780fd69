"""The collector of cycles in a program that lives long: left alone, it takes a sixth of an import and finds next to nothing."""

from __future__ import annotations

import gc

#: New objects that outlive their use before it looks (700 by default); how many turns of each kind before a wider one.
_AFTER = (50_000, 20, 20)


def rarely() -> None:
    """Once all is loaded: what is there stays till the end and is not looked through again, the rest is less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_AFTER)
