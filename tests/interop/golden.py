"""The golden vectors of `plp_conform/vectors`: with keys of no secrecy, made by the conformance kit, which shares no code
with either side."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent.parent / "plp_conform" / "vectors"
TOKENS = ("signed-request", "id-token", "client-assertion")


def read(name: str) -> dict[str, Any]:
    """One file."""
    value: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return value


Verdicts = dict[str, list[str]]


def expected(name: str) -> Verdicts:
    """What a verifier should say of a file: which cases it accepts, which it refuses."""
    vectors = read(name)
    return {
        "accepted": [one["what"] for one in vectors["accepted"]], "refused": [one["why"] for one in vectors["refused"]],
    }  # fmt: skip


def verdicts(name: str, taken: Callable[[dict[str, Any]], bool]) -> Verdicts:
    """What this verifier says of a file. A refused case says only how it differs from the first accepted one."""
    vectors = read(name)
    base = {key: value for key, value in vectors["accepted"][0].items() if key not in ("what", "header", "claims")}
    found: Verdicts = {"accepted": [], "refused": []}
    for one in (*vectors["accepted"], *vectors["refused"]):
        found["accepted" if taken({**base, **one}) else "refused"].append(one.get("what") or one["why"])
    return found
