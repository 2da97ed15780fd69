"""A contribution leads to the plugin's own pages, or in https to hosts that it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from core import config
from core.testing.conformance.bench import Bench
from core.testing.conformance.bench import texts
from core.testing.conformance.findings import Finding

#: The wizard's first page, core's: that of a plugin's own kinds of files, where it declares some.
IMPORT = "imports.new"
_ADDRESS = re.compile(r"""(?:href|src|action|formaction)="(https?:)?(//[^"]+)\"""")


def check(bench: Bench) -> Iterator[Finding]:
    """Endpoints and addresses of results, then addresses on pages."""
    subject, partner = bench.subject, bench.plugin.partner
    ours = urlsplit(config.current().base_url).netloc
    hosts = {*(partner.hosts if partner else ()), urlsplit(bench.partner.url).netloc, ours}
    endpoints = {rule.endpoint for rule in bench.encours.app.url_map.iter_rules()}
    for one in bench.called:
        place = subject.place_of(one.function)
        for path, text in texts(one.trial.result):
            if path.endswith("endpoint"):
                if not text or (text == IMPORT and bench.plugin.imports):
                    continue  # nowhere to go
                if not text.startswith(f"p_{subject.name}."):
                    yield Finding("", f"{one.title} : {path} mène à une page d'un autre : {text}", place)
                elif text not in endpoints:
                    yield Finding("", f"{one.title} : {path} ne mène nulle part : {text}", place)
            elif fault := _fault(text, hosts, bench.partner.url, config.current().base_url):
                yield Finding("", f"{one.title} : {path} {fault}", place)
    for page in bench.pages:
        for scheme, rest in _ADDRESS.findall(page.text):
            host = urlsplit(f"{scheme or 'https:'}{rest}").netloc
            if host not in hosts:
                yield Finding("", f"{page.path} mène à un hôte non déclaré : {host}", bench.view_place(page.endpoint))


def _fault(url: str, hosts: set[str], *here: str) -> str:
    if not re.match(r"(?:[a-z]+:)?//", url):
        return ""
    parts = urlsplit(url)
    if parts.netloc not in hosts:
        return f"mène à un hôte non déclaré : {parts.netloc}"
    return "" if parts.scheme == "https" or url.startswith(here) else f"n'est pas en https : {url[:60]}"
