"""What plugins' tests may use: a throwaway installation, a partner that answers, the conformance kit. Since 1.0.

Nothing here is needed to run Encours, and nothing of it imports pytest: `encours plugin check` uses the same.
"""

from __future__ import annotations

from core.testing.partner import FakePartner
from core.testing.throwaway import Browser
from core.testing.throwaway import Installation
from core.testing.throwaway import Staff
from core.testing.throwaway import installation

__all__ = ["Browser", "FakePartner", "Installation", "Staff", "installation"]
