"""The program that runs WeasyPrint, pypdf, PDFium and vl-convert, started by `core.pdf.render`: an order in, bytes out.

It fetches nothing but `data:` addresses: WeasyPrint's own fetcher reads files and networks (measured: it embeds
/etc/passwd through `<link rel=attachment>`). It imports nothing of the application.
"""

from __future__ import annotations

import base64
import importlib
import io
import json
import logging
import os
import resource
import struct
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

MEMORY = 1024**3
CPU_SECONDS = 30
#: Read no further than this in a form that somebody deposits.
MAX_FIELDS = 500
#: The release of Vega-Lite that vl-convert draws with; the browser's bundle has one of the same major version.
VEGA_LITE = "6.4"


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher

    class DenyAll(URLFetcher):  # type: ignore[misc]
        """Refuses every address but `data:`, redirects included."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.lower().startswith("data:"):
                raise ValueError(f"refused: {url[:80]}")
            return super().fetch(url, headers)

    return DenyAll(allowed_protocols=("data",), allow_redirects=False)


def make(html: str, *, forms: bool) -> bytes:
    """The PDF of the page."""
    import weasyprint

    pdf: bytes = weasyprint.HTML(string=html, url_fetcher=_fetcher()).write_pdf(pdf_forms=forms, pdf_tags=True)
    return _marked(pdf) if forms else pdf


def keep(order: dict[str, Any]) -> bytes:
    """The PDF/A-3 of `html`, with its `files` inside; nothing in it is of the moment or the machine but the date `made`."""
    made = datetime.fromisoformat(order["made"])
    os.environ["SOURCE_DATE_EPOCH"] = str(int(made.timestamp()))  # fontTools dates the fonts that it cuts down
    import weasyprint

    fetcher = _fetcher()
    document = weasyprint.HTML(string=order["html"], url_fetcher=fetcher).render()
    document.metadata.created = document.metadata.modified = order["made"]
    files = [
        weasyprint.Attachment(
            url=f"data:{media_type};base64,{data}", url_fetcher=fetcher, name=name, description=about, relationship=relation,
            created=made, modified=made,
        )
        for name, media_type, about, relation, data in order["files"]
    ]  # fmt: skip
    pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True, attachments=files)
    return pdf


def _marked(pdf: bytes) -> bytes:
    """The same with a font and a tick for its checkboxes: WeasyPrint names none, so poppler drew them empty."""
    from pypdf import PdfReader
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject
    from pypdf.generic import NameObject
    from pypdf.generic import TextStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    form: Any = writer._root_object.get("/AcroForm")
    if form is None:
        return pdf
    form = form.get_object()
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/ZapfDingbats")})  # fmt: skip
    resources = form["/DR"].get_object()
    resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()[NameObject("/ZaDb")] = font
    for reference in form["/Fields"]:
        field = reference.get_object()
        if field.get("/FT") == "/Btn":
            field[NameObject("/DA")] = TextStringObject("/ZaDb 8.5 Tf 0.06 0.34 0.42 rg")
            field["/MK"][NameObject("/CA")] = TextStringObject("4")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def read(data: bytes) -> dict[str, Any]:
    """Pages, filled fields, whether it is an XFA form (which no free reader fills)."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    form = root.get("/AcroForm")
    form = form.get_object() if form is not None else {}
    fields = list((reader.get_fields() or {}).items())[:MAX_FIELDS]
    values = {str(name)[:100]: str(field.get("/V") or "")[:1000] for name, field in fields}
    return {"pages": len(reader.pages), "fields": values, "xfa": "/XFA" in form}


def join(parts: list[str]) -> bytes:
    """The pages of several PDFs as one. A first one that somebody signed already is given back as it is: its signature holds
    for its bytes alone."""
    from pypdf import PdfReader
    from pypdf import PdfWriter

    every = [base64.b64decode(one) for one in parts]
    first = PdfReader(io.BytesIO(every[0]))
    if any(field.get("/FT") == "/Sig" and field.get("/V") is not None for field in (first.get_fields() or {}).values()):
        return every[0]
    writer = PdfWriter()
    for one in every:
        writer.append(PdfReader(io.BytesIO(one)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def draw(spec: str) -> str:
    """A chart's Vega-Lite specification as SVG; addresses in it are refused."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(json.loads(spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    return svg


def main() -> None:
    """Carry out one order: H (HTML to PDF), F (the same with form fields), A (to PDF/A with files), I (what stands in a PDF),
    J (several joined), C (charts), S (a document's pages and their text), P (one page as an image), V (a portrait), L (a logo),
    T (the text of an office file)."""
    order, length = struct.unpack(">cI", sys.stdin.buffer.read(5))
    # V8 reserves 64 GiB of addresses that it never fills: what it writes is bounded instead.
    memory = resource.RLIMIT_DATA if order in (b"C", b"L") else resource.RLIMIT_AS
    resource.setrlimit(memory, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for name in ("weasyprint", "pypdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    data = sys.stdin.buffer.read(length)
    sys.path.insert(0, str(Path(__file__).parent))
    if order == b"I":
        answer = json.dumps(read(data)).encode()
    elif order == b"J":
        answer = join(json.loads(data))
    elif order == b"C":
        answer = json.dumps([draw(one) for one in json.loads(data)]).encode()
    elif order == b"A":
        answer = keep(json.loads(data))
    elif order in (b"S", b"P", b"V"):
        pages = importlib.import_module("pages")  # beside this program, whose folder `-I` leaves out of the path
        answer = {b"S": pages.sheets, b"P": pages.image, b"V": pages.portrait}[order](data)
    elif order == b"T":
        answer = importlib.import_module("words").said(data)
    elif order == b"L":
        answer = importlib.import_module("logos").logo(data)
    else:
        answer = make(data.decode("utf-8"), forms=order == b"F")
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
