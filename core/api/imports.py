"""Files imported as a plugin's things: what `Plugin.imports` declares. Since 1.0."""

from __future__ import annotations

from core.hooks.importing import ImportChoice
from core.hooks.importing import ImportField
from core.hooks.importing import ImportLine
from core.hooks.importing import ImportRules
from core.hooks.importing import ImportTarget
from core.hooks.importing import Verdict
from core.hooks.importing import Written

__all__ = ["ImportChoice", "ImportField", "ImportLine", "ImportRules", "ImportTarget", "Verdict", "Written"]
