"""Messages to clients: who is reached and how, what is written, what became of it. Since 1.0.

A module that carries them implements `message_channels` and `send_message`; one that writes them asks here.
"""

from __future__ import annotations

from core.messages.services import FAILED
from core.messages.services import LABELS
from core.messages.services import Draft
from core.messages.services import Place
from core.messages.services import Sent
from core.messages.services import of_documents
from core.messages.services import retry
from core.messages.services import write
from core.messages.ways import Way
from core.messages.ways import modules
from core.messages.ways import of as ways

__all__ = ["FAILED", "LABELS", "Draft", "Place", "Sent", "Way", "modules", "of_documents", "retry", "ways", "write"]
