"""For a plugin's share of the demonstration: programs to run, a partner to join. Since 1.0."""

from __future__ import annotations

from core.links.demo import Joined
from core.links.demo import Paper
from core.links.demo import acting
from core.links.demo import enable
from core.links.demo import join_partner
from core.links.demo import wait_active
from core.links.demo import working
from core.programs import Program

__all__ = ["Joined", "Paper", "Program", "acting", "enable", "join_partner", "wait_active", "working"]
