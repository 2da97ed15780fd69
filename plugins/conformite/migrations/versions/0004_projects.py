"""Target allocations of the cabinet, investment projects and the lines of their allocation."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.api.db import Money
from core.api.db import Ratio

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

_KINDS = ("INVESTISSEMENT", "RACHAT_TOTAL")
_GOALS = (
    "CAPITAL", "REVENUS", "RETRAITE", "IMMOBILIER", "ETUDES", "TRANSMISSION", "PRECAUTION", "FISCALITE", "TRESORERIE", "AUTRE",
)  # fmt: skip
_ORIGINS = (
    "EPARGNE", "REVENUS", "CESSION_BIEN", "CESSION_ENTREPRISE", "SUCCESSION", "DONATION", "RACHAT", "PRIME", "INDEMNITE",
    "TRESORERIE", "AUTRE",
)  # fmt: skip
_ALLOCATIONS = ("PROFIL", "CLASSES", "SUPPORTS", "AUCUNE")


def _table(name: str, *made: Any) -> None:
    op.create_table(
        name, sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(26), nullable=False), *made, sa.PrimaryKeyConstraint("cabinet_id", "id", name=f"pk_{name}"),
    )  # fmt: skip


def _belongs(name: str, column: str, target: str, ondelete: str | None = None) -> Any:
    return sa.ForeignKeyConstraint(
        ["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], name=f"fk_{name}_cabinet_id_{column}",
        ondelete=ondelete,
    )  # fmt: skip


def _needed(name: str, kind: Any) -> Any:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Make them."""
    instant, project, line = sa.DateTime(timezone=True), "conformite_project", "conformite_project_line"
    _table(
        "conformite_target", _needed("number", sa.Integer()), _needed("levels", sa.JSON()), _needed("remarks", sa.String(500)),
        _needed("said_by", sa.String(120)), _needed("created_at", instant),
        sa.UniqueConstraint("cabinet_id", "number", name="uq_conformite_target_cabinet_id_number"),
    )  # fmt: skip
    _table(
        project, _needed("contact_id", sa.String(26)), sa.Column("co_contact_id", sa.String(26)),
        _needed("kind", sa.Enum(*_KINDS, native_enum=False, length=20)), _needed("title", sa.String(120)),
        _needed("goal", sa.Enum(*_GOALS, native_enum=False, length=20)), _needed("amount", Money()),
        _needed("origin", sa.Enum(*_ORIGINS, native_enum=False, length=20)), _needed("origin_note", sa.String(200)),
        _needed("starts_on", sa.Date()), _needed("ends_on", sa.Date()), _needed("initial", Money()), _needed("monthly", Money()),
        _needed("entry_cost", Ratio()), _needed("yearly_cost", Ratio()),
        _needed("allocation", sa.Enum(*_ALLOCATIONS, native_enum=False, length=10)), sa.Column("account_id", sa.String(26)),
        _needed("provider", sa.String(120)), _needed("remarks", sa.String(1000)), sa.Column("archived_at", instant),
        _needed("said_by", sa.String(120)), _needed("created_at", instant), _needed("updated_at", instant),
        _belongs(project, "contact_id", "contact"), _belongs(project, "co_contact_id", "contact"),
        _belongs(project, "account_id", "account"),
    )  # fmt: skip
    for column in ("contact", "co_contact", "account"):
        op.create_index(f"ix_{project}_{column}", project, ["cabinet_id", f"{column}_id"])
    _table(
        line, _needed("project_id", sa.String(26)), _needed("rank", sa.Integer()), sa.Column("asset_class", sa.String(20)),
        sa.Column("support_id", sa.String(26)), _needed("weight", Ratio()), _belongs(line, "project_id", project, "CASCADE"),
        _belongs(line, "support_id", "support"),
        sa.UniqueConstraint("cabinet_id", "project_id", "rank", name=f"uq_{line}_cabinet_id_project_id_rank"),
    )  # fmt: skip
    op.create_index(f"ix_{line}_support", line, ["cabinet_id", "support_id"])


def downgrade() -> None:
    """Take them away."""
    for name in ("conformite_project_line", "conformite_project", "conformite_target"):
        op.drop_table(name)
