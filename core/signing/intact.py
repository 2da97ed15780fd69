"""Whether the seal of a signed document still covers it: read by pyHanko, in a thread of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import IO


def of(file: IO[bytes]) -> bool | None:
    """True where every seal in a PDF covers what it was put on, False where one does not; None where there is none to read.

    Who sealed is not judged: a cabinet's certificate is signed by itself.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:  # pyHanko runs a loop of its own
        return pool.submit(_of, file).result()


def _of(file: IO[bytes]) -> bool | None:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    try:
        seals = PdfFileReader(file, strict=False).embedded_signatures
        if not seals:
            return None
        checked = (validate_pdf_signature(one, ValidationContext(trust_roots=[one.signer_cert])) for one in seals)
        return all(one.intact and one.valid for one in checked)
    except (PdfError, SignatureValidationError, ValueError):
        return False
