"""A partner's mandate for its plugin's pages: what is shown, each step, the enrolled advisers. Since 1.0."""

from __future__ import annotations

from core.links import enrolments
from core.links.mandate_clock import delay
from core.links.mandate_code import new_code
from core.links.mandate_code import printed
from core.links.mandate_paper import Paper
from core.links.mandate_paper import Standing
from core.links.mandate_paper import file
from core.links.mandate_paper import paper
from core.links.mandate_paper import standing
from core.links.mandate_steps import activate
from core.links.mandate_steps import complete
from core.links.mandate_steps import issue
from core.links.mandate_steps import receive
from core.links.mandate_steps import renew
from core.links.mandate_steps import resume
from core.links.mandate_steps import revoke
from core.links.mandate_steps import send
from core.links.mandate_steps import suspend
from core.links.saml.paper import SamlPaper

__all__ = [
    "Paper", "SamlPaper", "Standing", "activate", "complete", "delay", "enrolments", "file", "issue", "new_code", "paper",
    "printed", "receive", "renew", "resume", "revoke", "send", "standing", "suspend",
]  # fmt: skip
