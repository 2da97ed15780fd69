"""Model portfolios, their versions and lines, and the accounts that follow. This history is the plugin's own: it begins here."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.api.db import Ratio

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_PROFILES = ("PRUDENT", "EQUILIBRE", "DYNAMIQUE", "OFFENSIF")


def _table(name: str, *made: Any) -> None:
    op.create_table(
        name, sa.Column("cabinet_id", sa.Integer, nullable=False), sa.Column("id", sa.String(26), nullable=False), *made,
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{name}"),
    )  # fmt: skip


def _belongs(name: str, column: str, target: str, ondelete: str | None = None) -> Any:
    return sa.ForeignKeyConstraint(
        ["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], name=f"fk_{name}_cabinet_id_{column}",
        ondelete=ondelete,
    )  # fmt: skip


def _unique(name: str, *columns: str) -> Any:
    return sa.UniqueConstraint("cabinet_id", *columns, name="_".join((f"uq_{name}_cabinet_id", *columns)))


def upgrade() -> None:
    """Make them."""
    instant = sa.DateTime(timezone=True)
    model, version, line, follower = (f"outils_model{end}" for end in ("", "_version", "_line", "_follower"))
    _table(
        model, sa.Column("name", sa.String(120), nullable=False), sa.Column("archived_at", instant),
        sa.Column("created_at", instant, nullable=False), _unique(model, "name"),
    )  # fmt: skip
    _table(
        version, sa.Column("model_id", sa.String(26), nullable=False), sa.Column("number", sa.Integer, nullable=False),
        sa.Column("profile", sa.Enum(*_PROFILES, native_enum=False, length=12), nullable=False),
        sa.Column("remarks", sa.String(500), nullable=False), sa.Column("said_by", sa.String(120), nullable=False),
        sa.Column("created_at", instant, nullable=False), _unique(version, "model_id", "number"),
        _belongs(version, "model_id", model, "CASCADE"),
    )  # fmt: skip
    _table(
        line, sa.Column("version_id", sa.String(26), nullable=False), sa.Column("support_id", sa.String(26), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False), sa.Column("weight", Ratio(), nullable=False),
        sa.Column("band", Ratio(), nullable=False), _unique(line, "version_id", "support_id"),
        _belongs(line, "version_id", version, "CASCADE"), _belongs(line, "support_id", "support"),
    )  # fmt: skip
    op.create_index("ix_outils_model_line_support", line, ["cabinet_id", "support_id"])
    _table(
        follower, sa.Column("account_id", sa.String(26), nullable=False), sa.Column("model_id", sa.String(26), nullable=False),
        sa.Column("said_by", sa.String(120), nullable=False), sa.Column("since", instant, nullable=False),
        _unique(follower, "account_id"), _belongs(follower, "account_id", "account", "CASCADE"),
        _belongs(follower, "model_id", model, "CASCADE"),
    )  # fmt: skip
    op.create_index("ix_outils_model_follower_model", follower, ["cabinet_id", "model_id"])


def downgrade() -> None:
    """Take them away."""
    for end in ("_follower", "_line", "_version", ""):
        op.drop_table(f"outils_model{end}")
