"""The adviser's browser: an HTTP client with cookies, the sign-in form and the pages that the target file declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

from plp_conform import calling
from plp_conform.calling import Answer
from plp_conform.trial import Unverified


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes, what it holds, what is written in it."""

    attributes: dict[str, str]
    fields: dict[str, str]
    text: str = ""

    @property
    def method(self) -> str:
        return self.attributes.get("method", "get").lower()


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given, {})
            self.found.append(self._open)
        elif self._open is not None and tag in ("input", "button") and _counts(given):
            self._open.fields[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def _counts(field: Mapping[str, str]) -> bool:
    """Whether a browser would send it."""
    return bool(field.get("name")) and (field.get("type") not in ("checkbox", "radio") or "checked" in field)


def forms(page: str) -> list[Form]:
    """All forms of a page."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


def words(page: str) -> str:
    """What a person reads."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", page)).split())


class Visitor:
    """One signed-in person. Raises `Unverified` where the target file does not say how to sign in."""

    def __init__(self, pages: Mapping[str, Any]) -> None:
        if not pages.get("sign_in") or not pages.get("fields") or not pages.get("acts") or not pages.get("launch"):
            raise Unverified(
                "le fichier cible ne dit pas comment se connecter et ouvrir un acte (pages.sign_in, fields, acts, launch)"
            )
        self.pages = pages
        self.http = requests.Session()
        self.http.trust_env = False
        page = self.get(pages["sign_in"])
        wanted = set(pages["fields"])
        form = next((one for one in forms(page.text) if wanted <= set(one.fields)), None)
        if form is None:
            raise Unverified(f"la page de connexion n'a pas de formulaire avec {', '.join(sorted(wanted))}")
        done = self.send(page, form, pages["fields"])
        if done.status not in (302, 303):
            raise Unverified(f"la connexion n'a pas abouti (HTTP {done.status})")
        self.cookies = done.cookies

    def get(self, url: str, **headers: str) -> Answer:
        return calling.call("GET", url, session=self.http, headers=headers, seconds=30)

    def send(self, page: Answer, form: Form, changes: Mapping[str, str | None] | None = None, **headers: str) -> Answer:
        """Submit a form of a page; None leaves a field out."""
        values = {name: value for name, value in {**form.fields, **(changes or {})}.items() if value is not None}
        url = urljoin(page.url, form.attributes.get("action", ""))
        return calling.call("POST", url, session=self.http, form=values, headers=headers, seconds=30)

    def acts(self) -> Answer:
        """The list of acts: the platform asks the partner now."""
        return self.get(self.pages["acts"])

    def launch_form(self, page: Answer, label: str | None = None) -> Form | None:
        """The form whose button says so; None where the act is not open."""
        wanted = label or self.pages["launch"]
        return next((one for one in forms(page.text) if one.method == "post" and wanted in one.text), None)
