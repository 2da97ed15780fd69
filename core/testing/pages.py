"""The forms of a page as a browser finds them: where they are sent, what they already hold."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

from lxml import html

#: Kinds of inputs that nobody fills.
_SILENT = frozenset({"hidden", "submit", "button", "image", "reset", "file"})


@dataclass
class Form:
    """One form. `values`: what a browser would send now; `asked`: names of what a person fills; `options`: those of lists."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    options: dict[str, list[str]] = field(default_factory=dict)


def forms(text: str) -> list[Form]:
    """Those that a page sends by POST."""
    if not text.strip():
        return []
    found = html.document_fromstring(text).iter("form")
    return [_read(one) for one in found if one.get("method", "get").lower() == "post"]


def _read(found: html.HtmlElement) -> Form:
    form = Form("post", found.get("action", ""))
    for one in found.iter("input", "select", "textarea"):
        name = one.get("name")
        if name:
            _field(form, str(one.tag), name, one)
    return form


def _field(form: Form, tag: str, name: str, one: html.HtmlElement) -> None:
    kind = one.get("type", "text") if tag == "input" else tag
    if kind not in _SILENT:
        form.asked.add(name)
    if kind in ("radio", "checkbox"):
        form.options.setdefault(name, []).append(one.get("value", "on"))
        if one.get("checked") is not None:
            form.values[name] = one.get("value", "on")
    elif tag == "select":
        every = list(one.iter("option"))
        form.options[name] = [option.get("value", "") for option in every]
        chosen = [option for option in every if option.get("selected") is not None] or every[:1]
        form.values[name] = chosen[-1].get("value", "") if chosen else ""
    elif tag == "textarea":
        form.values[name] = one.text or ""
    elif kind not in ("submit", "button", "image", "reset", "file"):
        form.values.setdefault(name, one.get("value", ""))
