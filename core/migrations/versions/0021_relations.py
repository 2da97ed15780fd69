"""Relations between contacts; who is of a household's tax declaration; channels that were verified, and why they may be used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CHANNELS = ('contact_address', 'contact_phone', 'contact_email', 'contact_bank')


def upgrade() -> None:
    op.create_table('contact_relation',
    sa.Column('a_id', sa.String(length=26), nullable=False),
    sa.Column('b_id', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('filiation', sa.String(length=20), nullable=True),
    sa.Column('share', core.db.types.ExactDecimal(8), nullable=True),
    sa.Column('right', sa.String(length=20), nullable=True),
    sa.Column('function', sa.String(length=100), nullable=True),
    sa.Column('counsel', sa.String(length=20), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=True),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'a_id'], ['contact.cabinet_id', 'contact.id'], name=op.f('fk_contact_relation_cabinet_id_a_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'b_id'], ['contact.cabinet_id', 'contact.id'], name=op.f('fk_contact_relation_cabinet_id_b_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_contact_relation'))
    )
    with op.batch_alter_table('contact_relation', schema=None) as batch_op:
        batch_op.create_index('ix_contact_relation_a', ['cabinet_id', 'a_id', 'kind'], unique=False)
        batch_op.create_index('ix_contact_relation_b', ['cabinet_id', 'b_id', 'kind'], unique=False)
    # who is in a household was of its declaration until somebody says otherwise
    op.add_column('household_member', sa.Column('tax_attached', sa.Boolean(), nullable=False, server_default=sa.true()))
    for table in CHANNELS:
        op.add_column(table, sa.Column('opt_in_on', sa.Date(), nullable=True))
        op.add_column(table, sa.Column('opt_in_source', sa.String(length=20), nullable=True))
        op.add_column(table, sa.Column('verified_on', sa.Date(), nullable=True))
        op.add_column(table, sa.Column('verified_by', sa.String(length=26), nullable=True))
    op.add_column('contact_address', sa.Column('siret', sa.String(length=14), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('contact_address', schema=None) as batch_op:
        batch_op.drop_column('siret')
    for table in reversed(CHANNELS):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in ('verified_by', 'verified_on', 'opt_in_source', 'opt_in_on'):
                batch_op.drop_column(column)
    with op.batch_alter_table('household_member', schema=None) as batch_op:
        batch_op.drop_column('tax_attached')
    with op.batch_alter_table('contact_relation', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_relation_b')
        batch_op.drop_index('ix_contact_relation_a')

    op.drop_table('contact_relation')
