"""The words in which a plugin says what went wrong. Anything else it raises is a bug of the plugin."""

from __future__ import annotations


class PluginError(Exception):
    """Something a plugin foresaw. `text` is French, for the person."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text


class AuthFailed(PluginError):
    """The partner does not recognise us: keys, registration or clock."""


class ActionNeeded(PluginError):
    """The person must do something at `url` first."""

    def __init__(self, text: str, url: str) -> None:
        super().__init__(text)
        self.url = url


class MandateMissing(PluginError):
    """No usable mandate or enrolment: `reason` is a code of interfaces.md, `remedy` says who can do what.

    `passing`: the two sides' books disagree for a moment, trying again makes sense.
    """

    def __init__(
        self, text: str, *, reason: str = "mandate_inactive", remedy: str = "", url: str | None = None,
        passing: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(text)
        self.reason = reason
        self.remedy = remedy
        self.url = url
        self.passing = passing


class PartnerUnavailable(PluginError):
    """The partner does not answer, or not in time; `retry_after` in seconds where it said so."""

    def __init__(self, text: str = "", retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class PartnerRefused(PluginError):
    """The partner says no. `problem` is its problem type (PLP-107), `status` its HTTP status."""

    def __init__(self, text: str, code: str = "other", problem: str | None = None, status: int | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.problem = problem
        self.status = status


class ProtocolError(PluginError):
    """The partner's answer is not what the protocol says."""
