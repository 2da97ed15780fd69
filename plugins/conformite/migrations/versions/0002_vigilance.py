"""Vigilance: assessments of clients and of operations, lists of countries, notes of suspicion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.api.db import Money

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def _key() -> tuple[sa.Column[int], sa.Column[str]]:
    return (
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
    )


def _judged() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("computed", sa.String(12), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("assessed_by", sa.String(120), nullable=False),
        sa.Column("author_id", sa.String(26), nullable=False),
        sa.Column("needs", sa.Boolean(), nullable=False),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("validated_by", sa.String(120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )


def _of(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], name=f"fk_{table}_cabinet_id_{column}"
    )


def upgrade() -> None:
    """Make them."""
    table = "conformite_vigilance"
    op.create_table(
        table, *_key(), *_judged(), sa.Column("review_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{table}"), _of(table, "contact_id", "contact"),
    )  # fmt: skip
    op.create_index(f"ix_{table}_contact", table, ["cabinet_id", "contact_id", "assessed_on"])
    table = "conformite_operation"
    op.create_table(
        table, *_key(), *_judged(), sa.Column("account_id", sa.String(26), nullable=True),
        sa.Column("transaction_id", sa.String(26), nullable=True), sa.Column("about", sa.String(200), nullable=False),
        sa.Column("amount", Money(), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{table}"), _of(table, "contact_id", "contact"),
        _of(table, "account_id", "account"),
    )  # fmt: skip
    op.create_index(f"ix_{table}_contact", table, ["cabinet_id", "contact_id", "assessed_on"])
    op.create_index(f"ix_{table}_account", table, ["cabinet_id", "account_id"])
    table = "conformite_country_list"
    op.create_table(
        table, *_key(), sa.Column("code", sa.String(12), nullable=False), sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False), sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("imported_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=f"fk_{table}_cabinet_id"),
    )  # fmt: skip
    op.create_index(f"ix_{table}_code", table, ["cabinet_id", "code", "dated_on"])
    table = "conformite_suspicion"
    op.create_table(
        table, *_key(), sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("written_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{table}"), _of(table, "contact_id", "contact"),
    )  # fmt: skip
    op.create_index(f"ix_{table}_contact", table, ["cabinet_id", "contact_id", "id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("conformite_suspicion", "conformite_country_list", "conformite_operation", "conformite_vigilance"):
        op.drop_table(table)
