"""What a plugin gets for a secret setting: a wrapper that nothing shows. Since 1.0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Secret:
    """A text that nothing shows: `repr`, logs and pages say «Secret(…)», `reveal()` gives it to the call that needs it.

    One of a plugin's settings is read and decrypted at its first `reveal()`: in the guarded lane, not inline. It is not
    pickled, nor compared by its text. Hand what `reveal()` gives to the partner and nowhere else.
    """

    __slots__ = ("_reveal",)

    def __init__(self, text: str | Callable[[], str]) -> None:
        self._reveal: Callable[[], str] = text if callable(text) else lambda: text

    def reveal(self) -> str:
        """The text. Raises `AuthFailed`, in words for the person, where it cannot be decrypted."""
        return self._reveal()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a secret is not copied out of the process")
