"""Readers of statements that are not their writers': pypdf for PDF, the XML itself for workbooks."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from pypdf import PdfReader
from pypdf.generic import IndirectObject

XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Paper:
    """A PDF as pypdf reads it; text without its fine spaces."""

    def __init__(self, data: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(data))
        self.pages = [
            re.sub(r"[ \t]+", " ", re.sub("[\u202f\xa0]", " ", page.extract_text())) for page in self.reader.pages
        ]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.pages))

    def attached(self, name: str) -> bytes:
        return self.reader.attachments[name][0]

    @property
    def figures(self) -> Any:
        return json.loads(self.attached("releve.json"))

    @property
    def metadata(self) -> str:
        root: Any = self.reader.trailer["/Root"]
        return str(root["/Metadata"].get_object().get_data().decode())

    def fonts(self) -> dict[str, bool]:
        """Each font that a page or a drawing in it uses, and whether its file is inside."""
        found: dict[str, bool] = {}
        seen: set[int] = set()

        def walk(one: Any) -> None:
            if isinstance(one, IndirectObject):
                if one.idnum in seen:
                    return
                seen.add(one.idnum)
                one = one.get_object()
            if isinstance(one, dict):
                if one.get("/Type") == "/Font":
                    inner = one["/DescendantFonts"][0].get_object() if "/DescendantFonts" in one else one
                    descriptor = inner["/FontDescriptor"].get_object()
                    found[str(one["/BaseFont"])] = any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
                for key, value in one.items():
                    if key != "/Parent":
                        walk(value)
            elif isinstance(one, list):
                for value in one:
                    walk(value)

        for page in self.reader.pages:
            walk(page.get("/Resources"))
        return found


class Book:
    """A workbook: sheet → cell → its text or number, and its formula."""

    def __init__(self, data: bytes) -> None:
        with ZipFile(io.BytesIO(data)) as box:
            self.names = [one.get("name") or "" for one in ET.fromstring(box.read("xl/workbook.xml")).iter(f"{XML}sheet")]  # noqa: S314 - ours
            self.parts = box.namelist()
            shared = [
                "".join(part.text or "" for part in one.iter(f"{XML}t"))
                for one in ET.fromstring(box.read("xl/sharedStrings.xml")).iter(f"{XML}si")  # noqa: S314 - ours
            ]
            self.cells: dict[str, dict[str, str | Decimal]] = {}
            self.formulas: dict[str, dict[str, str]] = {}
            self.frozen: dict[str, bool] = {}
            for place, name in enumerate(self.names, 1):
                tree = ET.fromstring(box.read(f"xl/worksheets/sheet{place}.xml"))  # noqa: S314 - ours
                self.frozen[name] = next(tree.iter(f"{XML}pane"), None) is not None
                cells, formulas = self.cells.setdefault(name, {}), self.formulas.setdefault(name, {})
                for cell in tree.iter(f"{XML}c"):
                    formula, value = cell.find(f"{XML}f"), cell.find(f"{XML}v")
                    if formula is not None:
                        formulas[cell.attrib["r"]] = formula.text or ""
                    if value is not None and value.text is not None:
                        text = cell.get("t") == "s"
                        cells[cell.attrib["r"]] = shared[int(value.text)] if text else Decimal(value.text)

    def reckoned(self, sheet: str, cell: str) -> Decimal:
        """What the formula of a cell gives: a sum of a column, or another cell."""
        formula = self.formulas[sheet][cell]
        if other := re.fullmatch(r"'(\w+)'!([A-Z]+\d+)", formula):
            return self.reckoned(*other.groups())
        column, first, last = re.fullmatch(r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", formula).groups()  # type: ignore[union-attr]
        found = [self.cells[sheet].get(f"{column}{row}", Decimal(0)) for row in range(int(first), int(last) + 1)]
        return sum((one for one in found if isinstance(one, Decimal)), Decimal(0))
