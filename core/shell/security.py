"""What a person is told of his own security: a new device, a changed password, the second factor (ASVS 5.0 §6.3.7).

The sign-in stands below the notification store, so it leaves a job; written with the change, told once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.auth import entry
from core.db.session import TenantSession
from core.jobs.queue import handler
from core.shell.notifications import notify
from core.web import formats

_NOT_YOU = "Ce n'est pas vous\u202f? Changez votre mot de passe dans «Mon compte», puis prévenez l'administrateur du cabinet."


@handler(entry.TELL)
def tell(session: TenantSession, payload: dict[str, Any]) -> None:
    """Write the notification."""
    title, text = _words(payload)
    notify(
        session, [payload["user"]], kind="warning", key=f"security:{payload['id']}", title=title, text=text,
        url="/mon-compte",
    )  # fmt: skip


def _words(payload: dict[str, Any]) -> tuple[str, str]:
    what = payload["what"]
    if what == "device":
        at = formats.moment(datetime.fromisoformat(payload["at"]))
        where = f"{payload['device']}, adresse {payload['ip']}, le {at}"
        return "Connexion depuis un nouvel appareil", f"{where}. {_NOT_YOU}"
    if what == "recovery":
        left = payload["left"]
        rest = f"Il vous en reste {left}." if left else "C'était le dernier\u202f: créez-en de nouveaux dans «Mon compte»."
        return "Un code de secours a servi à vous connecter", f"{rest} {_NOT_YOU}"
    if what == "factor_reset":
        again = "Vos sessions ont été fermées. Enregistrez de nouveau votre téléphone dans «Mon compte»."
        return f"{payload['by']} a réinitialisé votre second facteur", again
    titles = {
        "password": "Votre mot de passe a été changé",
        "factor_on": "Le second facteur est actif sur votre compte",
        "factor_off": "Le second facteur a été retiré de votre compte",
        "token": "Un jeton d'accès à l'API a été créé en votre nom",
    }
    return titles[what], f"Vos autres sessions ont été fermées. {_NOT_YOU}" if what == "password" else _NOT_YOU
