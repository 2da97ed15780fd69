"""Alembic's environment: the connection and the version table come from `core.db.migrate`."""

from __future__ import annotations

from alembic import context

from core.db.model import Base


def run() -> None:
    """Apply the migrations on the given connection."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=context.config.attributes["version_table"],
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
