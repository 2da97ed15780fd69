"""Acts that come back, and what was said of each of their days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.api.db import Money

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "portefeuille_plan",
        sa.Column("cabinet_id", sa.Integer, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column(
            "act", sa.Enum("versement_complementaire", "rachat_partiel", "arbitrage", native_enum=False, length=30),
            nullable=False,
        ),
        sa.Column(
            "frequency", sa.Enum("MENSUEL", "TRIMESTRIEL", "SEMESTRIEL", "ANNUEL", native_enum=False, length=12), nullable=False
        ),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("floor", sa.Date),
        sa.Column("amount", Money()),
        sa.Column("legs", sa.JSON, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("state", sa.Enum("ACTIF", "SUSPENDU", "TERMINE", native_enum=False, length=10), nullable=False),
        sa.Column("suspended_on", sa.Date),
        sa.Column("pauses", sa.JSON, nullable=False),
        sa.Column("next_on", sa.Date),
        sa.Column("told_on", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_by", sa.String(26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_portefeuille_plan"),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "account_id"], ["account.cabinet_id", "account.id"], name="fk_portefeuille_plan_cabinet_id_account_id"
        ),
    )  # fmt: skip
    op.create_index("ix_portefeuille_plan_account", "portefeuille_plan", ["cabinet_id", "account_id"])
    op.create_index("ix_portefeuille_plan_next", "portefeuille_plan", ["cabinet_id", "next_on"])
    op.create_table(
        "portefeuille_plan_day",
        sa.Column("cabinet_id", sa.Integer, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("plan_id", sa.String(26), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("answer", sa.Enum("PREPARE", "PASSE", native_enum=False, length=8), nullable=False),
        sa.Column("transaction_id", sa.String(26)),
        sa.Column("said_by", sa.String(26), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name="pk_portefeuille_plan_day"),
        sa.UniqueConstraint("cabinet_id", "plan_id", "on", name="uq_portefeuille_plan_day_cabinet_id_plan_id_on"),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "plan_id"], ["portefeuille_plan.cabinet_id", "portefeuille_plan.id"],
            name="fk_portefeuille_plan_day_cabinet_id_plan_id", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "transaction_id"], ["transaction.cabinet_id", "transaction.id"],
            name="fk_portefeuille_plan_day_cabinet_id_transaction_id", ondelete="CASCADE",
        ),
    )  # fmt: skip


def downgrade() -> None:
    """Take them away."""
    op.drop_table("portefeuille_plan_day")
    op.drop_table("portefeuille_plan")
