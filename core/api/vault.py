"""Words that are kept encrypted: under the cabinet's own key, each in its place, renewed with it. Since 1.0.

`owner` names whose secret it is (`<plugin>:<kind>:<id>`), `field` which. What is read is told to nobody: no log, no journal.
"""

from __future__ import annotations

from core.cabinets.vault import VaultError
from core.cabinets.vault import forget
from core.cabinets.vault import seal
from core.cabinets.vault import unseal
from core.cabinets.vault import unseal_many

__all__ = ["VaultError", "forget", "seal", "unseal", "unseal_many"]
