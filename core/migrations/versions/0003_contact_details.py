"""What is known of a contact beyond its name; its addresses, telephones, e-mails, bank accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types
from core.db.model import new_id
from core.web import inputs

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("birth_city", 100), ("birth_department", 3), ("birth_country", 2), ("nationality", 2), ("other_nationality", 2),
    ("tax_country", 2), ("tax_id", 40), ("us_person", 3), ("matrimonial_regime", 40), ("pacs_regime", 20),
    ("work_status", 20), ("profession", 120), ("sector", 120), ("employer", 200), ("id_kind", 20), ("id_number", 40),
    ("tax_regime", 2), ("lei", 20), ("origin", 20), ("origin_note", 200),
)  # fmt: skip
DATES = ("id_issued_on", "id_expires_on", "founded_on")


def upgrade() -> None:
    for name, length in COLUMNS:
        op.add_column("contact", sa.Column(name, sa.String(length=length), nullable=True))
    for name in DATES:
        op.add_column("contact", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("contact", sa.Column("capital", core.db.types.ExactDecimal(4), nullable=True))
    op.add_column("contact", sa.Column("remarks", sa.Text(), nullable=True))
    op.create_index("ix_audit_entry_subject", "audit_entry", ["cabinet_id", "subject"], unique=False)
    _channel(
        "contact_address", sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("extra", sa.String(length=200), nullable=True), sa.Column("postal_code", sa.String(length=12), nullable=True),
        sa.Column("city", sa.String(length=100), nullable=False), sa.Column("country", sa.String(length=2), nullable=False),
    )  # fmt: skip
    _channel("contact_phone", sa.Column("number", sa.String(length=20), nullable=False))
    op.create_index("ix_contact_phone_number", "contact_phone", ["cabinet_id", "number"], unique=False)
    _channel(
        "contact_email", sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("folded", sa.String(length=254), nullable=False),
    )  # fmt: skip
    op.create_index("ix_contact_email_folded", "contact_email", ["cabinet_id", "folded"], unique=False)
    _channel(
        "contact_bank", sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=True), sa.Column("holder", sa.String(length=120), nullable=True),
    )  # fmt: skip
    _take_over()


def downgrade() -> None:
    for name in ("contact_bank", "contact_email", "contact_phone", "contact_address"):
        op.drop_table(name)
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    with op.batch_alter_table("contact") as batch:
        for name in (*(one for one, _length in COLUMNS), *DATES, "capital", "remarks"):
            batch.drop_column(name)


def _channel(name: str, *own: sa.Column[object]) -> None:
    op.create_table(
        name, *own,
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("usage", sa.String(length=20), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("opt_in", sa.Boolean(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("cabinet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["cabinet_id", "contact_id"], ["contact.cabinet_id", "contact.id"],
            name=op.f(f"fk_{name}_cabinet_id_contact_id"),
        ),
        sa.PrimaryKeyConstraint("cabinet_id", "id", name=op.f(f"pk_{name}")),
    )  # fmt: skip
    op.create_index(f"ix_{name}_contact", name, ["cabinet_id", "contact_id"], unique=False)


def _take_over() -> None:
    """The e-mail, telephone and city that contacts have become their primary ones, cabinet by cabinet."""
    bind = op.get_bind()
    tables = sa.MetaData()
    contact = sa.Table("contact", tables, autoload_with=bind)
    made = sa.Table("contact_address", tables, autoload_with=bind), sa.Table("contact_phone", tables, autoload_with=bind)
    email = sa.Table("contact_email", tables, autoload_with=bind)
    columns = (contact.c.cabinet_id, contact.c.id, contact.c.email, contact.c.phone, contact.c.city, contact.c.created_at)
    cabinets: list[int] = list(bind.scalars(sa.select(sa.column("id")).select_from(sa.table("cabinet"))))
    for cabinet_id in cabinets:
        for row in bind.execute(sa.select(*columns).where(contact.c.cabinet_id == cabinet_id)).all():
            shared = {
                "cabinet_id": row.cabinet_id, "contact_id": row.id, "is_primary": True, "opt_in": False,
                "created_at": row.created_at,
            }  # fmt: skip
            if row.city:
                bind.execute(sa.insert(made[0]).values(**shared, id=new_id(), usage="DOMICILE", city=row.city, country="FR"))
            if row.phone:
                number = _international(row.phone)
                bind.execute(sa.insert(made[1]).values(**shared, id=new_id(), usage="MOBILE", number=number))
                if number != row.phone:
                    mine = (contact.c.cabinet_id == row.cabinet_id) & (contact.c.id == row.id)
                    bind.execute(sa.update(contact).where(mine).values(phone=number))
            if row.email:
                bind.execute(
                    sa.insert(email).values(
                        **shared, id=new_id(), usage="PERSONNEL", email=row.email, folded=row.email.casefold()
                    )
                )


def _international(number: str) -> str:
    try:
        return inputs.phone(number)
    except ValueError:  # kept as it was: a person will see it
        return number
