"""Documents that people sign: how far the requests for some documents are, and where one is asked for and followed. Since 1.0.

Asking, signing and sealing are core's own pages (`/documents/<id>/signature`, `/signatures/<id>`): a module shows the state
beside its documents and leads there.
"""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement
from sqlalchemy import select

from core.signing.models import SignatureRequest
from core.signing.reading import Asked
from core.signing.reading import SignerLine
from core.signing.reading import of_documents
from core.signing.states import OPEN
from core.signing.states import STATES

__all__ = ["OPEN", "STATES", "Asked", "SignerLine", "ask_address", "of_documents", "request_address", "signed"]


def signed(document_id: Any) -> ColumnElement[bool]:
    """A condition on a column of documents' ids: all who were asked have signed, on screen or on paper."""
    wanted = select(SignatureRequest.id).where(SignatureRequest.document_id == document_id, SignatureRequest.state == "SIGNE")
    return wanted.exists()


def ask_address(document_id: str) -> str:
    """Where signatures of a document are asked for."""
    return url_for("signing.new", document_id=document_id)


def request_address(signature_id: str) -> str:
    """Where a request is followed."""
    return url_for("signing.show", signature_id=signature_id)
