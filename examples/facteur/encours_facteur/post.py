"""A message as a file that a mail server picks up: whole or not at all, and once."""

from __future__ import annotations

import re
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from core.api import Context
from core.api import PartnerUnavailable
from core.api.db import now
from core.api.types import Message
from core.api.types import MessageReceipt

UNSET = "Le dossier d'envoi ou l'adresse d'expédition manque\u202f: un administrateur les règle dans la page du module."
ODD = "L'adresse du client ou celle du cabinet ne s'écrit pas dans un e-mail\u202f: vérifiez-la."


def unset(ctx: Context) -> str:
    """Why nothing can leave; empty where it can."""
    return "" if ctx.settings["folder"] and ctx.settings["sender"] else UNSET


def drop(ctx: Context, message: Message) -> MessageReceipt:
    """Put it there; one that is there already was put there by an earlier try. Raises `PartnerUnavailable`."""
    if why := unset(ctx):
        return MessageReceipt("refused", reason=why)
    name = re.sub(r"[^A-Za-z0-9_-]", "", message.key)
    where = Path(ctx.settings["folder"]) / f"{name}.eml"
    try:
        if not where.exists():
            draft = where.with_suffix(".tmp")
            draft.write_bytes(written(ctx, message).as_bytes(policy=policy.SMTP))
            draft.replace(where)
    except (MessageError, ValueError):
        return MessageReceipt("refused", reason=ODD)
    except OSError as error:
        raise PartnerUnavailable("Le dossier d'envoi ne peut pas être écrit\u202f: prévenez l'exploitant.") from error
    return MessageReceipt("sent", reference=where.name)


def written(ctx: Context, message: Message) -> EmailMessage:
    """The message with its documents."""
    made = EmailMessage()
    made["Message-ID"] = f"<{message.key}@encours.invalid>"
    made["Date"] = format_datetime(now())
    made["From"], made["To"], made["Subject"] = ctx.settings["sender"], message.address, message.subject
    if ctx.principal is not None:
        made["Reply-To"] = ctx.principal.email
    made.set_content(message.text)
    for one in message.files:
        kind, _slash, inner = one.media_type.partition("/")
        made.add_attachment(one.read(), maintype=kind, subtype=inner, filename=one.filename)
    return made
