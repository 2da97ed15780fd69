"""Loans and pledges. This history is the plugin's own (ADR 023)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.api.db import Money
from core.api.db import Ratio

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def _keyed(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name, sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False), *columns,
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f(f"pk_{name}")),
    )  # fmt: skip


def _tied(name: str, column: str, target: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], name=op.f(f"fk_{name}_cabinet_id_{column}"),
        ondelete=ondelete,
    )  # fmt: skip


def upgrade() -> None:
    """Make them."""
    money, ratio, instant = Money(), Ratio(), sa.DateTime(timezone=True)
    _keyed(
        "patrimoine_loan",
        sa.Column("kind", sa.String(14), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("lender", sa.String(120), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("principal", money, nullable=False),
        sa.Column("annual_rate", ratio, nullable=False),
        sa.Column("variable", sa.Boolean(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("first_due", sa.Date(), nullable=True),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("deferred_months", sa.Integer(), nullable=False),
        sa.Column("deferred_kind", sa.String(8), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("insurance_kind", sa.String(8), nullable=False),
        sa.Column("insurance_rate", ratio, nullable=True),
        sa.Column("insurance_amount", money, nullable=True),
        sa.Column("fees", money, nullable=False),
        sa.Column("guarantees", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.String(1000), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_why", sa.String(12), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f("fk_patrimoine_loan_cabinet_id")),
    )
    _keyed(
        "patrimoine_loan_borrower",
        sa.Column("loan_id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("share", ratio, nullable=False),
        sa.Column("insured", ratio, nullable=False),
        _tied("patrimoine_loan_borrower", "loan_id", "patrimoine_loan", ondelete="CASCADE"),
        _tied("patrimoine_loan_borrower", "contact_id", "contact"),
        sa.UniqueConstraint(
            "cabinet_id", "loan_id", "contact_id", name=op.f("uq_patrimoine_loan_borrower_cabinet_id_loan_id_contact_id")
        ),
    )
    op.create_index("ix_patrimoine_loan_borrower_contact", "patrimoine_loan_borrower", ["cabinet_id", "contact_id"])
    _keyed(
        "patrimoine_loan_event",
        sa.Column("loan_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(14), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("rate", ratio, nullable=True),
        sa.Column("amount", money, nullable=True),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("indemnity_kind", sa.String(8), nullable=False),
        sa.Column("indemnity", money, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        _tied("patrimoine_loan_event", "loan_id", "patrimoine_loan", ondelete="CASCADE"),
    )
    op.create_index("ix_patrimoine_loan_event_loan", "patrimoine_loan_event", ["cabinet_id", "loan_id", "on"])
    _keyed(
        "patrimoine_pledge",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("loan_id", sa.String(26), nullable=True),
        sa.Column("creditor", sa.String(120), nullable=False),
        sa.Column("amount", money, nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("pledged_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_until", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("created_at", instant, nullable=False),
        _tied("patrimoine_pledge", "account_id", "account"),
        _tied("patrimoine_pledge", "loan_id", "patrimoine_loan"),
    )
    op.create_index("ix_patrimoine_pledge_account", "patrimoine_pledge", ["cabinet_id", "account_id"])
    op.create_index("ix_patrimoine_pledge_loan", "patrimoine_pledge", ["cabinet_id", "loan_id"])


def downgrade() -> None:
    """Take them away."""
    for name in ("patrimoine_pledge", "patrimoine_loan_event", "patrimoine_loan_borrower", "patrimoine_loan"):
        op.drop_table(name)
