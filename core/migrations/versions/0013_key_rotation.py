"""Rotation of signing keys: when a key begins and is withdrawn, the statements that say so, what a partner's said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('link_key_statement',
    sa.Column('mandate', sa.String(length=64), nullable=False),
    sa.Column('iat', sa.BigInteger(), nullable=False),
    sa.Column('jkt', sa.JSON(), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_link_key_statement_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_link_key_statement')),
    sa.UniqueConstraint('cabinet_id', 'mandate', 'iat', name=op.f('uq_link_key_statement_cabinet_id_mandate_iat'))
    )
    with op.batch_alter_table('link_key', schema=None) as batch_op:
        batch_op.add_column(sa.Column('active_from', core.db.types.Instant(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', core.db.types.Instant(), nullable=True))
    with op.batch_alter_table('link_partner_keys', schema=None) as batch_op:
        batch_op.add_column(sa.Column('trusted', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('stated_at', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('asked_at', core.db.types.Instant(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('link_partner_keys', schema=None) as batch_op:
        batch_op.drop_column('asked_at')
        batch_op.drop_column('stated_at')
        batch_op.drop_column('trusted')
    with op.batch_alter_table('link_key', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('active_from')
    op.drop_table('link_key_statement')
