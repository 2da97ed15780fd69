"""What people own beside accounts, owe beside loans; what a loan paid for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.api.db import Money
from core.api.db import Quantity
from core.api.db import Ratio

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_OF_LOAN = "fk_patrimoine_loan_cabinet_id_asset_id"


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
        "patrimoine_asset",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("surface", Quantity(), nullable=True),
        sa.Column("acquired_on", sa.Date(), nullable=True),
        sa.Column("mode", sa.String(12), nullable=False),
        sa.Column("price", money, nullable=True),
        sa.Column("costs", money, nullable=True),
        sa.Column("nature", sa.String(8), nullable=False),
        sa.Column("usufruct_until", sa.Date(), nullable=True),
        sa.Column("scheme", sa.String(16), nullable=False),
        sa.Column("scheme_since", sa.Date(), nullable=True),
        sa.Column("scheme_years", sa.Integer(), nullable=True),
        sa.Column("ifi", ratio, nullable=True),
        sa.Column("company_id", sa.String(26), nullable=True),
        sa.Column("remarks", sa.String(1000), nullable=False),
        sa.Column("disposed_on", sa.Date(), nullable=True),
        sa.Column("disposed_why", sa.String(8), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f("fk_patrimoine_asset_cabinet_id")),
        _tied("patrimoine_asset", "company_id", "contact"),
    )
    op.create_index("ix_patrimoine_asset_company", "patrimoine_asset", ["cabinet_id", "company_id"])
    _keyed(
        "patrimoine_asset_owner",
        sa.Column("asset_id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("right", sa.String(16), nullable=False),
        sa.Column("share", ratio, nullable=False),
        _tied("patrimoine_asset_owner", "asset_id", "patrimoine_asset", ondelete="CASCADE"),
        _tied("patrimoine_asset_owner", "contact_id", "contact"),
    )
    op.create_index("ix_patrimoine_asset_owner_contact", "patrimoine_asset_owner", ["cabinet_id", "contact_id"])
    op.create_index("ix_patrimoine_asset_owner_asset", "patrimoine_asset_owner", ["cabinet_id", "asset_id"])
    _keyed(
        "patrimoine_asset_value",
        sa.Column("asset_id", sa.String(26), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("value", money, nullable=False),
        sa.Column("basis", sa.String(12), nullable=False),
        sa.Column("said_by", sa.String(120), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        _tied("patrimoine_asset_value", "asset_id", "patrimoine_asset", ondelete="CASCADE"),
        sa.UniqueConstraint("cabinet_id", "asset_id", "on", name=op.f("uq_patrimoine_asset_value_cabinet_id_asset_id_on")),
    )
    _keyed(
        "patrimoine_asset_rent",
        sa.Column("asset_id", sa.String(26), nullable=False),
        sa.Column("tenant", sa.String(120), nullable=False),
        sa.Column("monthly", money, nullable=False),
        sa.Column("charges", money, nullable=True),
        sa.Column("property_tax", money, nullable=True),
        sa.Column("vacancy", ratio, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", instant, nullable=False),
        _tied("patrimoine_asset_rent", "asset_id", "patrimoine_asset", ondelete="CASCADE"),
    )
    op.create_index("ix_patrimoine_asset_rent_asset", "patrimoine_asset_rent", ["cabinet_id", "asset_id", "since"])
    _keyed(
        "patrimoine_debt",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("creditor", sa.String(120), nullable=False),
        sa.Column("amount", money, nullable=False),
        sa.Column("amount_on", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asset_id", sa.String(26), nullable=True),
        sa.Column("remarks", sa.String(1000), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("said_by", sa.String(120), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        _tied("patrimoine_debt", "asset_id", "patrimoine_asset"),
    )
    op.create_index("ix_patrimoine_debt_asset", "patrimoine_debt", ["cabinet_id", "asset_id"])
    _keyed(
        "patrimoine_debt_owner",
        sa.Column("debt_id", sa.String(26), nullable=False),
        sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("share", ratio, nullable=False),
        _tied("patrimoine_debt_owner", "debt_id", "patrimoine_debt", ondelete="CASCADE"),
        _tied("patrimoine_debt_owner", "contact_id", "contact"),
    )
    op.create_index("ix_patrimoine_debt_owner_contact", "patrimoine_debt_owner", ["cabinet_id", "contact_id"])
    op.create_index("ix_patrimoine_debt_owner_debt", "patrimoine_debt_owner", ["cabinet_id", "debt_id"])
    with op.batch_alter_table("patrimoine_loan") as batch:
        batch.add_column(sa.Column("asset_id", sa.String(26), nullable=True))
        batch.create_foreign_key(op.f(_OF_LOAN), "patrimoine_asset", ["cabinet_id", "asset_id"], ["cabinet_id", "id"])
        batch.create_index("ix_patrimoine_loan_asset", ["cabinet_id", "asset_id"])


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("patrimoine_loan") as batch:
        batch.drop_index("ix_patrimoine_loan_asset")
        batch.drop_constraint(op.f(_OF_LOAN), type_="foreignkey")
        batch.drop_column("asset_id")
    for name in ("debt_owner", "debt", "asset_rent", "asset_value", "asset_owner", "asset"):
        op.drop_table(f"patrimoine_{name}")
