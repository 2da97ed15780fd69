"""What services raise. Each becomes one page or one problem answer, in French."""

from __future__ import annotations


class DomainError(Exception):
    """A rule said no. `text` is for the person; `code` is for programs; `field` is the one that it is about, if one is."""

    status = 422
    code = "validation"

    def __init__(self, text: str = "", *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(text or self.__class__.__doc__ or "")
        self.text = text
        self.field = field
        if code:
            self.code = code


class NotFound(DomainError):
    """There is no such thing, or not for this principal: the two are never told apart."""

    status = 404
    code = "not-found"


class Forbidden(DomainError):
    """The principal lacks the permission."""

    status = 403
    code = "forbidden"


class Conflict(DomainError):
    """The state does not allow it (any more)."""

    status = 409
    code = "conflict"


class NoCabinet(RuntimeError):
    """A query on cabinets' data was about to run with no cabinet set. Always a bug."""
