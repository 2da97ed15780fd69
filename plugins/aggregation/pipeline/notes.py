"""Above an account that a feed fills: the file and the line of its newest value (NX-02)."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from core.api import formats
from core.api.db import session
from core.api.types import AccountNote
from core.api.types import AccountRef
from plugins.aggregation.pipeline import tracing


def of_account(account: AccountRef) -> Sequence[AccountNote]:
    """One note, where its value of today is a feed's."""
    found = tracing.newest(session(), account.id)
    if found is None or found[1].on != account.value_on:
        return []
    name, day = found
    text = _(
        "La valeur du %(day)s vient du fichier «\u202f%(file)s\u202f», %(place)s.", day=formats.day(day.on), file=name,
        place=day.at or _("dans son ensemble"),
    )  # fmt: skip
    return [AccountNote("provenance", text, endpoint="p_aggregation.origin", values={"account_id": account.id})]
