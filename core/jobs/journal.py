"""The hourly anchor of each cabinet's journal."""

from __future__ import annotations

from pathlib import Path

from core import config
from core.cabinets import anchors
from core.extensions import db
from core.jobs.queue import periodic


@periodic("audit.anchor", 3600)
def anchor(cabinet_id: int) -> None:
    """Write down, beside the database, where the journal stands."""
    with db.session(cabinet_id, write=False) as session:
        anchors.drop(session, Path(config.current().var_dir))
