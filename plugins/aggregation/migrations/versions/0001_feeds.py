"""Files of feeds, the accounts that they name, what they did. This history is the plugin's own (ADR 023)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

STATES = ("LECTURE", "LU", "REFUSE", "ECRITURE", "APPLIQUE", "REPRISE", "ANNULE", "ECARTE")
LINKS = ("A_RATTACHER", "RATTACHE", "IGNORE")
STEPS = ("PREVU", "ECRIT", "REPRIS")


def _keyed(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name, sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False), *columns,
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f(f"pk_{name}")),
    )  # fmt: skip


def _tied(name: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], name=op.f(f"fk_{name}_cabinet_id_{column}"),
        ondelete="CASCADE",
    )  # fmt: skip


def _of_cabinet(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"], name=op.f(f"fk_{name}_cabinet_id"))


def _code(codes: tuple[str, ...], length: int) -> sa.Enum:
    return sa.Enum(*codes, native_enum=False, length=length)


def upgrade() -> None:
    """Make them."""
    instant = sa.DateTime(timezone=True)
    _keyed(
        "aggregation_file",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(26), nullable=True),
        sa.Column("format", sa.String(100), nullable=False),
        sa.Column("state", _code(STATES, 10), nullable=False),
        sa.Column("trouble", sa.String(500), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.Column("applied_at", instant, nullable=True),
        sa.Column("applied_by", sa.String(60), nullable=True),
        _of_cabinet("aggregation_file"),
        sa.UniqueConstraint("cabinet_id", "sha256", name=op.f("uq_aggregation_file_cabinet_id_sha256")),
    )
    op.create_index("ix_aggregation_file_user", "aggregation_file", ["cabinet_id", "user_id"])
    _keyed(
        "aggregation_account",
        sa.Column("origin", sa.String(120), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("company", sa.String(120), nullable=False),
        sa.Column("envelope", sa.String(30), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("holders", sa.JSON(), nullable=False),
        sa.Column("state", _code(LINKS, 12), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=True),
        sa.Column("filled_before", sa.String(16), nullable=False),
        sa.Column("decided_by", sa.String(60), nullable=True),
        sa.Column("decided_at", instant, nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.String(40), nullable=True),
        sa.Column("seen_at", instant, nullable=False),
        _of_cabinet("aggregation_account"), _tied("aggregation_account", "account_id", "account"),
        sa.UniqueConstraint("cabinet_id", "origin", "key", name=op.f("uq_aggregation_account_cabinet_id_origin_key")),
    )
    op.create_index("ix_aggregation_account_account", "aggregation_account", ["cabinet_id", "account_id"])
    _keyed(
        "aggregation_step",
        sa.Column("file_id", sa.String(26), nullable=False),
        sa.Column("feed_account_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("state", _code(STEPS, 8), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        _tied("aggregation_step", "file_id", "aggregation_file"),
        _tied("aggregation_step", "feed_account_id", "aggregation_account"),
        _tied("aggregation_step", "account_id", "account"),
        sa.UniqueConstraint("cabinet_id", "file_id", "rank", name=op.f("uq_aggregation_step_cabinet_id_file_id_rank")),
    )
    op.create_index("ix_aggregation_step_account", "aggregation_step", ["cabinet_id", "account_id", "on"])
    _keyed(
        "aggregation_movement",
        sa.Column("file_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("fingerprint", sa.String(40), nullable=False),
        sa.Column("movement_id", sa.String(26), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        _tied("aggregation_movement", "file_id", "aggregation_file"),
        _tied("aggregation_movement", "account_id", "account"),
        sa.UniqueConstraint(
            "cabinet_id", "account_id", "fingerprint", name=op.f("uq_aggregation_movement_cabinet_id_account_id_fingerprint")
        ),
    )
    op.create_index("ix_aggregation_movement_file", "aggregation_movement", ["cabinet_id", "file_id"])


def downgrade() -> None:
    """Take them away."""
    for name in ("aggregation_movement", "aggregation_step", "aggregation_account", "aggregation_file"):
        op.drop_table(name)
