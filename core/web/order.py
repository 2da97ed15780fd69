"""The order that a person gives to a list: by dragging, by «Monter» and «Descendre», with or without scripts."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

_WAYS = ("up", "down", "first", "last")


def reordered(keys: Sequence[str], sent: MultiDict[str, str]) -> list[str]:
    """The keys in the order that the form of macro `order_list` asks for.

    `order`: the keys as they stand on the page after a drag; `move`: «key:up», «down», «first» or «last», from a button.
    Keys that are not of the list are left out; those that the page did not have (made meanwhile) come last.
    """
    shown = [key for key in dict.fromkeys(sent.getlist("order")) if key in keys]
    order = [*shown, *(key for key in keys if key not in shown)]
    key, _, way = sent.get("move", "").rpartition(":")
    if key in order and way in _WAYS:
        at, last = order.index(key), len(order) - 1
        to = {"up": max(0, at - 1), "down": min(last, at + 1), "first": 0, "last": last}[way]
        order.insert(to, order.pop(at))
    return order
