"""The message that carries the mandate to who will hand it on (BL-04).

It is in French whatever the reader's language: it is for a French company.
"""

from __future__ import annotations

import hashlib
import re
from email.message import EmailMessage
from email.policy import SMTP

from core.hooks.declared import Partner


def prepared(
    partner: Partner, *, cabinet: str, reference: str, sender_name: str, sender_email: str, inspector_name: str,
    inspector_email: str, filename: str, attachment: bytes, media_type: str,
) -> bytes:  # fmt: skip
    """The prepared e-mail, to be opened in the adviser's own program: `X-Unsent` makes it a draft there."""
    mail = EmailMessage(policy=SMTP)
    mail["To"] = f"{_quoted(inspector_name)} <{inspector_email}>"
    mail["From"] = f"{_quoted(sender_name)} <{sender_email}>"
    mail["Subject"] = f"Mandat d'accès à {partner.label} – {cabinet}"
    mail["X-Unsent"] = "1"
    mail.set_content(
        f"Bonjour {inspector_name},\n\n"
        f"Veuillez trouver ci-joint le mandat d'accès à {partner.place} du cabinet {cabinet} "
        f"(référence {reference}), rempli et signé. L'original vous est adressé par courrier.\n\n"
        "Pourriez-vous le transmettre à la compagnie, et m'indiquer la date de réception de l'original\u202f? "
        "Le délai d'activation court à partir de cette date.\n\n"
        f"Avec mes remerciements,\n{sender_name}\n{cabinet}\n"
    )
    main, _, sub = media_type.partition("/")
    mail.add_attachment(attachment, maintype=main, subtype=sub, filename=filename)
    mail.set_boundary(f"=_{hashlib.sha256(attachment).hexdigest()[:32]}")  # the same message for the same mandate
    return mail.as_bytes()


def _quoted(name: str) -> str:
    return '"' + re.sub(r'["\\\r\n]', " ", name) + '"'
