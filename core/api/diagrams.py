"""Boxes and the ties between them: placed here, drawn by macros/diagram.html without a script. Since 1.0."""

from __future__ import annotations

from core.web.diagrams import Box
from core.web.diagrams import Diagram
from core.web.diagrams import Tie
from core.web.diagrams import drawn

__all__ = ["Box", "Diagram", "Tie", "drawn"]
