"""What a support is invested in, and where: nobody told so far."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('catalogue_support', 'support'):
        for name in ('asset_class', 'zone'):
            op.add_column(table, sa.Column(name, sa.String(length=20), nullable=True))


def downgrade() -> None:
    for table in ('catalogue_support', 'support'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('zone')
            batch_op.drop_column('asset_class')
