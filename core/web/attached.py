"""A file that is answered: saved under its name, whatever its letters, and never shown by the browser in our name."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from flask import Response


def attach(answer: Response, filename: str) -> Response:
    """Have the answer saved as this (RFC 6266): a header holds ASCII alone, so other letters come in a form of their own."""
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    own = {} if plain == filename else {"filename*": f"UTF-8''{quote(filename, safe='')}"}
    answer.headers.set("Content-Disposition", "attachment", filename=plain or "document", **own)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
