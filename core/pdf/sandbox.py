"""The program that runs WeasyPrint, started by `core.pdf.render`: HTML on its input, a PDF on its output.

It fetches nothing but `data:` addresses: WeasyPrint's own fetcher reads files and networks (measured: it embeds
/etc/passwd through `<link rel=attachment>`). It imports nothing of the application.
"""

from __future__ import annotations

import logging
import resource
import struct
import sys
from typing import Any

import weasyprint
from weasyprint.urls import URLFetcher
from weasyprint.urls import URLFetcherResponse

MEMORY = 1024**3
CPU_SECONDS = 30


class DenyAll(URLFetcher):  # type: ignore[misc]
    """Refuses every address but `data:`, redirects included."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.lower().startswith("data:"):
            raise ValueError(f"refused: {url[:80]}")
        return super().fetch(url, headers)


def make(html: str, *, forms: bool) -> bytes:
    """The PDF of the page."""
    document: Any = weasyprint.HTML(string=html, url_fetcher=DenyAll(), base_url=None)
    pdf: bytes = document.write_pdf(pdf_forms=forms, pdf_tags=True)
    return pdf


def main() -> None:
    """Read one request (a flag, a length, the HTML), write one PDF."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    forms, length = struct.unpack(">?I", sys.stdin.buffer.read(5))
    html = sys.stdin.buffer.read(length).decode("utf-8")
    sys.stdout.buffer.write(make(html, forms=forms))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
