"""What contacts hold, kept beside the accounts: each holder's part, each contact's total, and the indexes of lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account_part',
    sa.Column('account_id', sa.String(length=26), nullable=False),
    sa.Column('contact_id', sa.String(length=26), nullable=False),
    sa.Column('part', core.db.types.ExactDecimal(8), nullable=False),
    sa.Column('amount', core.db.types.ExactDecimal(2), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'account_id'], ['account.cabinet_id', 'account.id'], name=op.f('fk_account_part_cabinet_id_account_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'contact_id'], ['contact.cabinet_id', 'contact.id'], name=op.f('fk_account_part_cabinet_id_contact_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_account_part')),
    sa.UniqueConstraint('cabinet_id', 'account_id', 'contact_id', name=op.f('uq_account_part_cabinet_id_account_id_contact_id'))
    )
    with op.batch_alter_table('account_part', schema=None) as batch_op:
        batch_op.create_index('ix_account_part_contact', ['cabinet_id', 'contact_id', 'account_id'], unique=False)
    op.add_column('contact', sa.Column('worth', core.db.types.ExactDecimal(2), nullable=True))
    for name, column in (('kind', 'kind'), ('city', 'city'), ('worth', 'worth')):
        op.create_index(f'ix_contact_{name}', 'contact', ['cabinet_id', column, 'sort_name', 'id'], unique=False)


def downgrade() -> None:
    for name in ('worth', 'city', 'kind'):
        op.drop_index(f'ix_contact_{name}', 'contact')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_column('worth')
    with op.batch_alter_table('account_part', schema=None) as batch_op:
        batch_op.drop_index('ix_account_part_contact')

    op.drop_table('account_part')
