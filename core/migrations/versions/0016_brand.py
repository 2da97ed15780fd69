"""The theme that a cabinet chose, its colours, logos and layout of statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('cabinet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('brand', sa.JSON(), nullable=True))
    op.create_table('brand_logo',
    sa.Column('shade', sa.String(length=5), nullable=False),
    sa.Column('image', sa.LargeBinary(), nullable=False),
    sa.Column('screen', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_brand_logo_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_brand_logo'))
    )


def downgrade() -> None:
    op.drop_table('brand_logo')
    with op.batch_alter_table('cabinet', schema=None) as batch_op:
        batch_op.drop_column('brand')
