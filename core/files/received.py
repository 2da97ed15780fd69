"""What a form got of files: those sent ahead by the script, and those that came with it (pages without scripts).

Both wait alike until the form is accepted, so that a form that is refused loses neither (ADR 013).
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from core.db.errors import DomainError
from core.documents import uploads
from core.documents.uploads import Rule
from core.documents.uploads import Sent
from core.documents.uploads import Waiting
from core.hooks.types import Adviser
from core.shell.gate import current_context
from core.web import formats
from core.web.request import db_session


@dataclass(frozen=True, slots=True)
class Received:
    """`files` where `error` is None. `waiting`: those that the form, shown again, still has."""

    files: tuple[Sent, ...]
    waiting: tuple[Waiting, ...]
    error: str | None = None

    def spend(self) -> None:
        """The files are where they belong: none waits any longer, once the request's session is committed."""
        uploads.spend(db_session(), _adviser(), [one.id for one in self.waiting])


def received(rule: Rule, field: str = "file", *, missing: str | None = None) -> Received:
    """The files of one field of the request's form. `missing`: what is said where there is none, for a mandatory field.

    What came with the form is kept, and the request's session committed: the view has written nothing yet. A file that
    comes where one only is wanted takes the place of the one that waits.
    """
    session, adviser = db_session(), _adviser()
    ids = request.form.getlist(f"{field}_depots")[: rule.max_files + 1]
    waiting = uploads.waiting(session, adviser, rule, ids)
    came = [one for one in request.files.getlist(field) if one.filename]
    if not waiting and not came:
        return Received((), (), missing)
    if came and rule.max_files == 1:
        uploads.spend(session, adviser, [one.id for one in waiting])
        waiting = ()
    if len(waiting) + len(came) > rule.max_files:
        most = "Un seul fichier est attendu" if rule.max_files == 1 else f"{rule.max_files} fichiers au plus"
        return Received((), waiting, f"{most} : retirez ce qui est en trop.")
    error = None
    try:
        for one in came:
            # one byte more than is allowed is enough to refuse it
            kept = uploads.keep(session, adviser, rule, one.filename or "document", one.read(rule.max_bytes + 1))
            waiting = (*waiting, kept)
    except DomainError as refused:
        error = refused.text
    if came:
        session.commit()
    if rule.max_total and sum(one.size for one in waiting) > rule.max_total:
        size, most = (formats.file_size(total) for total in (sum(one.size for one in waiting), rule.max_total))
        error = error or f"Ces fichiers pèsent {size} ensemble, {most} au plus à la fois\u202f: retirez-en, puis recommencez."
    return Received(() if error else uploads.read(session, adviser, rule, [one.id for one in waiting]), waiting, error)


def _adviser() -> Adviser:
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found
