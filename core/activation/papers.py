"""What is done with the mandate's papers, for pages and programs alike: made, filled, deposited, proved, sent (BL-04, BL-05).

Making a PDF or reading somebody's takes a second: each function reads what it needs, gives the session's lock back, and
writes last. `seen` is the stamp of the page that the person looked at; a program has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from typing import Literal

from flask_babel import gettext as _

from core.activation import message as mail
from core.activation.partnership import Partnership
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.documents.uploads import Sent
from core.hooks.types import Adviser
from core.links import mandates
from core.links.mandates import Paper
from core.shell import letterhead

#: A way of proving, the service's word for its date.
Proof = Literal["reception", "activation"]


def paper(session: TenantSession, at: Partnership) -> Paper:
    """What the form is filled with. Raises `NotFound` where the company is not registered."""
    found = mandates.paper(session, at.name)
    session.commit()
    return found


def issue(session: TenantSession, at: Partnership, *, actor: str, seen: str | None = None) -> None:
    """Make the pre-filled form with a new code."""
    known, logo, code = mandates.paper(session, at.name), letterhead.logo(session), mandates.new_code()
    session.commit()
    made = at.form.make(known, code=code, logo=logo)
    mandates.issue(session, at.name, pdf=made, filename=filename(at), code=code, actor=actor, seen=seen)


def fill(
    session: TenantSession, at: Partnership, known: Paper, values: Mapping[str, Any], *, actor: str, seen: str | None = None
) -> None:
    """Make the filled form; `values` are those of `mandate_form`, checked. Raises `DomainError`."""
    logo, code = letterhead.logo(session), mandates.new_code()
    session.commit()
    made = at.form.make(known, code=code, values=values, logo=logo)
    kept = {key: value for key, value in values.items() if key not in ("signed_on", "broker_code")}
    mandates.complete(
        session, at.name, pdf=made, filename=filename(at, "rempli"), broker_code=values["broker_code"],
        signed_on=values["signed_on"], form=kept, code=code, actor=actor, seen=seen,
    )  # fmt: skip


def deposit(
    session: TenantSession, at: Partnership, known: Paper, sent: Sent, *, broker_code: str, signed_on: date, actor: str,
    seen: str | None = None,
) -> None:  # fmt: skip
    """Keep a form filled elsewhere, once it was looked at. Raises `DomainError`."""
    session.commit()
    broker = at.form.broker_code_of(sent.data, paper=known, typed=broker_code)
    mandates.complete(
        session, at.name, pdf=sent.data, filename=sent.filename, broker_code=broker, signed_on=signed_on, actor=actor, seen=seen
    )


def prove(
    session: TenantSession, at: Partnership, what: Proof, sent: Sent, on: date, *, actor: str, seen: str | None = None
) -> None:
    """The company holds the original, or the mandate is active: entered by hand, with what shows it. Raises `DomainError`."""
    if what == "reception":
        mandates.receive(
            session, at.name, received_on=on, proof=sent.data, filename=sent.filename, actor=actor, seen=seen
        )  # fmt: skip
    else:
        mandates.activate(session, at.name, active_on=on, proof=sent.data, filename=sent.filename, actor=actor, seen=seen)


def message(session: TenantSession, at: Partnership, who: Adviser, *, inspector_name: str, inspector_email: str) -> bytes:
    """The prepared e-mail, mandate attached. Raises `DomainError` while there is no mandate to attach."""
    stands, known = mandates.standing(session, at.name), paper(session, at)
    if stands is None or stands.paper_id is None:
        raise DomainError(_("Il n'y a pas encore de mandat à joindre\u202f: générez-le, puis remplissez-le."))
    attached, name, media_type = mandates.file(session, who, at.name, stands.paper_id)
    return mail.prepared(
        at.partner, cabinet=known.cabinet, reference=known.reference, sender_name=who.name, sender_email=who.email,
        inspector_name=inspector_name, inspector_email=inspector_email,
        filename=name, attachment=attached, media_type=media_type,
    )  # fmt: skip


def filename(at: Partnership, what: str = "", ending: str = "pdf") -> str:
    """«mandat-nomineo-rempli.pdf»."""
    return f"{'-'.join(filter(None, ('mandat', at.name.replace('_', '-'), what)))}.{ending}"
