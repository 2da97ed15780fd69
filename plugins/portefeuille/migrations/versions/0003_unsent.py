"""Of a batch's statements, why one was not sent to its client."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add it."""
    op.add_column(
        "portefeuille_statement_line", sa.Column("unsent", sa.String(300), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("portefeuille_statement_line") as table:
        table.drop_column("unsent")
