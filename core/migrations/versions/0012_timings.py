"""How long plugins' calls take, by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('plugin_timing',
    sa.Column('plugin', sa.String(length=60), nullable=False),
    sa.Column('hook', sa.String(length=60), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_plugin_timing_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_plugin_timing')),
    sa.UniqueConstraint('cabinet_id', 'plugin', 'hook', 'on', name=op.f('uq_plugin_timing_cabinet_id_plugin_hook_on'))
    )


def downgrade() -> None:
    op.drop_table('plugin_timing')
