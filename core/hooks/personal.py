"""What is kept of a contact, as the contact may read it: a table a subject. A leaf. Since 1.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a module keeps of a contact, for his right of access (RGPD, art. 15): he reads all of it."""

    key: str  #: its name in the module, for programs: «assets»
    title: str  #: what it is, in French: «Biens déclarés»
    purpose: str  #: why it is kept, in a French sentence
    columns: tuple[str, ...]  #: heads of the table
    rows: Sequence[tuple[str, ...]]  #: its lines, each as long as the heads; texts as people read them; none: nothing is kept
    weight: int = 100  #: smaller comes first
