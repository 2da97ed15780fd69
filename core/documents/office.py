"""Office files told by their bytes: what the archive holds, never its name; bombs and macros are refused before anything opens.

Nothing is unpacked here: the archive's own directory is read, and its figures are taken at their word only to refuse.
"""

from __future__ import annotations

import io
import zipfile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
TYPES = (DOCX, XLSX, PPTX, ODT, ODS)
ZIP = b"PK\x03\x04"
#: Entries and unpacked bytes that a letter or a workbook of 25 Mio never reaches.
MOST_ENTRIES, MOST_BYTES = 5_000, 250 * 1024 * 1024
_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_MACROS = ("vbaproject.bin", "basic/script-lc.xml")


def of(data: bytes) -> str | None:
    """The media type of an office file without macros; None for any other archive, a bomb or bytes that are none."""
    if not data.startswith(ZIP):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            entries = box.infolist()
            if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_BYTES:
                return None
            names = {one.filename for one in entries}
            if any(name.lower().endswith(_MACROS) for name in names):
                return None
            if "mimetype" in names and box.getinfo("mimetype").file_size < 100:
                said = box.read("mimetype").decode("ascii", "replace").strip()
                return said if said in (ODT, ODS) else None
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return None
    return next((media for part, media in _PARTS.items() if part in names), None)
