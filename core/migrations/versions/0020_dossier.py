"""The rest of a contact's file: what is known of it, its stages, its archive; categories, labels, fields of the cabinet's own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = (("csp", 20), ("prescriber_profession", 20), ("category_id", 26), ("archived_reason", 200))
DATES = ("prospect_since", "client_since", "former_since")
TABLES = ("contact_number", "custom_value", "custom_field", "contact_labelling", "contact_label", "contact_category")


def upgrade() -> None:
    _table(
        "contact_category", sa.Column("parent_id", sa.String(26), nullable=True),
        sa.Column("name", sa.String(80), nullable=False), sa.Column("folded", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False), sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("archived_at", core.db.types.Instant(), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        _to("contact_category", "parent_id", "contact_category"), root=True,
    )  # fmt: skip
    _table(
        "contact_label", sa.Column("name", sa.String(40), nullable=False), sa.Column("folded", sa.String(40), nullable=False),
        sa.Column("color", sa.String(20), nullable=False), sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", core.db.types.Instant(), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False), root=True,
    )  # fmt: skip
    _table(
        "custom_field", sa.Column("code", sa.String(40), nullable=False), sa.Column("label", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False), sa.Column("of_persons", sa.Boolean(), nullable=False),
        sa.Column("of_companies", sa.Boolean(), nullable=False), sa.Column("help", sa.String(200), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False), sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False), sa.Column("archived_at", core.db.types.Instant(), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.UniqueConstraint("cabinet_id", "code", name=op.f("uq_custom_field_cabinet_id_code")), root=True,
    )  # fmt: skip
    with op.batch_alter_table("contact") as batch:
        for name, length in COLUMNS:
            batch.add_column(sa.Column(name, sa.String(length), nullable=True))
        batch.add_column(sa.Column("more_nationalities", core.db.types.Codes(100), nullable=True))
        for name in ("introducer", "prescriber"):
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in DATES:
            batch.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch.add_column(sa.Column("archived_at", core.db.types.Instant(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_contact_cabinet_id_category_id"), "contact_category", ["cabinet_id", "category_id"], ["cabinet_id", "id"]
        )
        batch.create_index("ix_contact_category", ["cabinet_id", "category_id", "id"], unique=False)
        batch.create_index("ix_contact_open", ["cabinet_id", "archived_at", "sort_name", "id"], unique=False)
    for name in ("stage", "kind"):
        op.drop_index(f"ix_contact_{name}", "contact")
        op.create_index(f"ix_contact_{name}", "contact", ["cabinet_id", name, "sort_name", "id", "archived_at"], unique=False)
    _table(
        "contact_labelling", sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("label_id", sa.String(26), nullable=False), _to("contact_labelling", "contact_id", "contact"),
        _to("contact_labelling", "label_id", "contact_label"),
        sa.UniqueConstraint(
            "cabinet_id", "contact_id", "label_id", name=op.f("uq_contact_labelling_cabinet_id_contact_id_label_id")
        ),
    )  # fmt: skip
    op.create_index("ix_contact_labelling_label", "contact_labelling", ["cabinet_id", "label_id", "contact_id"])
    _table(
        "custom_value", sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("field_id", sa.String(26), nullable=False), sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True), sa.Column("choice", sa.String(40), nullable=True),
        sa.Column("number", core.db.types.ExactDecimal(4), nullable=True), sa.Column("day", sa.Date(), nullable=True),
        _to("custom_value", "contact_id", "contact"), _to("custom_value", "field_id", "custom_field"),
        sa.UniqueConstraint(
            "cabinet_id", "contact_id", "field_id", "place", name=op.f("uq_custom_value_cabinet_id_contact_id_field_id_place")
        ),
    )  # fmt: skip
    for name, column in (("text", "choice"), ("number", "number"), ("day", "day")):
        op.create_index(f"ix_custom_value_{name}", "custom_value", ["cabinet_id", "field_id", column])
    _table(
        "contact_number", sa.Column("contact_id", sa.String(26), nullable=False),
        sa.Column("company", sa.String(80), nullable=False), sa.Column("number", sa.String(40), nullable=False),
        sa.Column("folded_company", sa.String(80), nullable=False), sa.Column("folded_number", sa.String(40), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False), _to("contact_number", "contact_id", "contact"),
        sa.UniqueConstraint(
            "cabinet_id", "folded_company", "folded_number",
            name=op.f("uq_contact_number_cabinet_id_folded_company_folded_number"),
        ),
    )  # fmt: skip
    op.create_index("ix_contact_number_contact", "contact_number", ["cabinet_id", "contact_id"])


def downgrade() -> None:
    for name in TABLES[:4]:
        op.drop_table(name)
    for name in ("stage", "kind"):
        op.drop_index(f"ix_contact_{name}", "contact")
        op.create_index(f"ix_contact_{name}", "contact", ["cabinet_id", name, "sort_name", "id"], unique=False)
    with op.batch_alter_table("contact") as batch:
        batch.drop_index("ix_contact_open")
        batch.drop_index("ix_contact_category")
        batch.drop_constraint(op.f("fk_contact_cabinet_id_category_id"), type_="foreignkey")
        for name in (*(one for one, _length in COLUMNS), *DATES, "more_nationalities", "introducer", "prescriber", "archived_at"):
            batch.drop_column(name)
    for name in TABLES[4:]:
        op.drop_table(name)


def _table(name: str, *own: sa.Column[object] | sa.Constraint, root: bool = False) -> None:
    cabinet = [sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f(f"fk_{name}_cabinet_id"))] if root else []
    op.create_table(
        name, *own, sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False), *cabinet,
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f(f"pk_{name}")),
    )  # fmt: skip


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], name=op.f(f"fk_{table}_cabinet_id_{column}")
    )
