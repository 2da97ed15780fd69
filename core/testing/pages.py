"""The forms of a page as a browser finds them: where they are sent, what they already hold."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from html.parser import HTMLParser

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


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._open = False
        self._list = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
            self._open = True
        if not self._open:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "option" and self._list:
            form.options[self._list].append(given.get("value", ""))
            if "selected" in given or len(form.options[self._list]) == 1:
                form.values[self._list] = given.get("value", "")
        elif name and tag in ("input", "select", "textarea"):
            self._field(form, tag, name, given)

    def _field(self, form: Form, tag: str, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        if kind not in _SILENT:
            form.asked.add(name)
        if kind in ("radio", "checkbox"):
            form.options.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.values[name] = given.get("value", "on")
        elif kind not in ("submit", "button", "image", "reset", "file"):
            form.values.setdefault(name, given.get("value", ""))
        if tag == "select":
            self._list = name
            form.options[name] = []
        self._area = name if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"
        self._list = "" if tag == "select" else self._list
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].values[self._area] += data


def forms(text: str) -> list[Form]:
    """Those that a page sends by POST."""
    reader = _Reader()
    reader.feed(text)
    return [one for one in reader.forms if one.method == "post"]
