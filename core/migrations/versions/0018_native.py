"""Acts typed here: one row a journey; what is typed lies in the vault."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('journey',
    sa.Column('form', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('plugin', sa.String(length=60), nullable=False),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('act_label', sa.String(length=100), nullable=False),
    sa.Column('nature', sa.String(length=30), nullable=False),
    sa.Column('account_id', sa.String(length=26), nullable=False),
    sa.Column('transaction_id', sa.String(length=26), nullable=False),
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('sending', sa.String(length=26), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('refusals', sa.Integer(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('expires_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'account_id'], ['account.cabinet_id', 'account.id'], name=op.f('fk_journey_cabinet_id_account_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'transaction_id'], ['transaction.cabinet_id', 'transaction.id'], name=op.f('fk_journey_cabinet_id_transaction_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_journey_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_journey')),
    sa.UniqueConstraint('cabinet_id', 'form', name=op.f('uq_journey_cabinet_id_form')),
    sa.UniqueConstraint('cabinet_id', 'name', name=op.f('uq_journey_cabinet_id_name'))
    )
    with op.batch_alter_table('journey', schema=None) as batch_op:
        batch_op.create_index('ix_journey_transaction', ['cabinet_id', 'transaction_id'], unique=False)
        batch_op.create_index('ix_journey_state', ['cabinet_id', 'state', 'expires_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('journey', schema=None) as batch_op:
        batch_op.drop_index('ix_journey_state')
        batch_op.drop_index('ix_journey_transaction')

    op.drop_table('journey')
