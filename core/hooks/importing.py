"""What a plugin declares to have files imported (`Plugin.imports`). A leaf: every floor may import it. Since 1.0."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import MutableMapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Literal

from core.hooks.types import Context

Kind = Literal["text", "day", "amount", "code"]
#: «part»: the line belongs to the thing of the line before it, which tells what becomes of both.
Action = Literal["create", "update", "skip", "error", "part"]


@dataclass(frozen=True, slots=True)
class ImportField:
    """A field that a column may fill. `words`: heads by which it is known, as people write them, in French and English.

    `codes`: for a «code», code → how it is said; a cell may hold either, or one of `spellings` (folded words → code).
    """

    key: str
    label: Any
    kind: Kind = "text"
    words: tuple[str, ...] = ()
    codes: Mapping[str, str] | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    group: Any = ""
    constant: bool = False  #: one value may stand for it in all lines that do not tell it; not of an amount


@dataclass(frozen=True, slots=True)
class ImportLine:
    """A line of the file as it was read: days are dates, amounts decimals; what was empty is left out."""

    number: int  #: as a spreadsheet counts them, the heads being line 1
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a line. `why`: said to the person, for all but a plain creation; `made`: what `write` needs of it."""

    action: Action
    name: str = ""  #: how the thing is called in the preview and the report
    why: str = ""
    ref: str | None = None  #: the row that is there already
    field: str | None = None  #: the field that is wrong
    made: Any = None
    faults: tuple[tuple[str | None, str], ...] = ()  #: of an error: each fault with its field, where `why` tells several


@dataclass(frozen=True, slots=True)
class Written:
    """What a line did: kept, so that it can be undone. `before`, `after`: of an update, as JSON; `why`: of an error.

    `seq`: the journal's last link once it was written; `undo` gets it, to see what was done since.
    """

    action: Action
    ref: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    why: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class ImportRules:
    """What the person chose for one import.

    `known`: what becomes of a line whose thing is there already; `near`: of one that only resembles it; `fill`: whether an
    update completes empty fields or replaces; `owner`: who gets what names nobody; `ticks`: the target's boxes that are ticked;
    `memory`: kept for one pass over the file.
    """

    known: Literal["skip", "update", "create"] = "skip"
    near: Literal["skip", "create"] = "skip"
    fill: Literal["empty", "all"] = "empty"
    owner: str | None = None
    memory: MutableMapping[int, int] = field(default_factory=dict)
    ticks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ImportChoice:
    """One of the rules `known`, `near`, `fill` as a target asks it: which codes it takes (the first is usual), in its words."""

    label: Any
    codes: Mapping[str, Any]
    help: Any = ""


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """A kind of thing that files are imported as. Each function gets a batch, and works in the session at hand.

    `judge` reads only. `write` gets the lines whose verdict is to create or update, and answers for each, in that order; what
    it raises undoes the whole batch. `undo` gets what was written and answers for each None where it is undone, or why not.
    """

    key: str  #: within the plugin; the command's `--as` names it
    label: Any  #: «Contacts»
    permission: str
    fields: tuple[ImportField, ...]
    judge: Callable[[Context, Sequence[ImportLine], ImportRules], Sequence[Verdict]]
    write: Callable[[Context, Sequence[tuple[ImportLine, Verdict]], ImportRules], Sequence[Written]]
    undo: Callable[[Context, Sequence[Written]], Sequence[str | None]]
    #: Says which of the fields have to be mapped: a sentence where too few are, else None.
    lacking: Callable[[frozenset[str]], str | None] = lambda keys: None if keys else "Associez au moins une colonne."
    #: People of the cabinet, by id, to whom what names nobody may be given; None where that has no meaning.
    owners: Callable[[Context], Mapping[str, str]] | None = None
    #: Says a thing as it will be, from its verdict's `made`: (label, text), for the preview.
    show: Callable[[Any], Sequence[tuple[str, str]]] | None = None
    #: Where the things imported are listed.
    endpoint: str | None = None
    #: The rules that are asked, by name, where the words for contacts do not fit; a rule that is not named is not asked.
    choices: Mapping[str, ImportChoice] | None = None
    #: Boxes that one may tick, each with its words: `ImportRules.ticks`.
    ticks: Mapping[str, Any] = field(default_factory=dict)
    #: Fields whose cells together name a thing: lines that agree in them are judged and written side by side, in one batch,
    #: and where one of them cannot be read, none is imported. Empty: each line is a thing.
    together: tuple[str, ...] = ()
    #: Lines of one transaction, some more where a thing goes on; other writers of the cabinet wait that long.
    batch: int = 1_000
    #: What such a file may hold, in a sentence or two: beside the field that takes it.
    about: Any = ""
    #: One thing, several things: for the button.
    nouns: tuple[str, str] = ("ligne", "lignes")
