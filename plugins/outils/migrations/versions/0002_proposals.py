"""Runs of proposals of arbitrage, and what became of each account's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.api.db import Money

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_STATES = ("todo", "excluded", "asked", "done", "skipped")
_RUN, _ONE = "outils_run", "outils_proposal"


def _belongs(column: str, target: str, ondelete: str | None = None) -> Any:
    return sa.ForeignKeyConstraint(
        ["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], name=f"fk_{_ONE}_cabinet_id_{column}",
        ondelete=ondelete,
    )  # fmt: skip


def upgrade() -> None:
    """Make them."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        _RUN, sa.Column("cabinet_id", sa.Integer, nullable=False), sa.Column("id", sa.String(26), nullable=False),
        sa.Column("said_by", sa.String(120), nullable=False), sa.Column("minimum", Money(), nullable=False),
        sa.Column("keep_euro", sa.Boolean, nullable=False), sa.Column("created_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{_RUN}"),
    )  # fmt: skip
    op.create_index("ix_outils_run_created", _RUN, ["cabinet_id", "created_at"])
    op.create_table(
        _ONE, sa.Column("cabinet_id", sa.Integer, nullable=False), sa.Column("id", sa.String(26), nullable=False),
        sa.Column("run_id", sa.String(26), nullable=False), sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("version_id", sa.String(26), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, native_enum=False, length=8), nullable=False),
        sa.Column("why", sa.String(500), nullable=False), sa.Column("made", sa.JSON, nullable=False),
        sa.Column("value", Money()), sa.Column("on", sa.Date), sa.Column("fee", Money()),
        sa.Column("transaction_id", sa.String(26)), sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("changed_at", instant), sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{_ONE}"),
        sa.UniqueConstraint("cabinet_id", "run_id", "account_id", name=f"uq_{_ONE}_cabinet_id_run_id_account_id"),
        _belongs("run_id", _RUN, "CASCADE"), _belongs("account_id", "account", "CASCADE"),
        _belongs("version_id", "outils_model_version"), _belongs("transaction_id", "transaction"),
    )  # fmt: skip
    op.create_index("ix_outils_proposal_account", _ONE, ["cabinet_id", "account_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table(_ONE)
    op.drop_table(_RUN)
