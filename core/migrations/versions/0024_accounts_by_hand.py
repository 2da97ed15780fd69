"""What people type of accounts: costs, options, what is put away, corrections of what feeds say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


_FEES = ("fee_entry", "fee_euro", "fee_units", "fee_switch", "fee_exit")


def upgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        for name in _FEES:
            batch_op.add_column(sa.Column(name, core.db.types.ExactDecimal(8), nullable=True))
        batch_op.add_column(sa.Column('tax_option', sa.Enum('', 'PFU', 'BAREME', native_enum=False, length=8), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('settlement', sa.Enum('', 'PREMIER', 'SECOND', native_enum=False, length=12), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('introducer_code', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('archived_at', core.db.types.Instant(), nullable=True))

    op.create_table('account_override',
    sa.Column('account_id', sa.String(length=26), nullable=False),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('fed', sa.JSON(), nullable=False),
    sa.Column('fed_at', core.db.types.Instant(), nullable=False),
    sa.Column('corrected_by', sa.String(length=60), nullable=False),
    sa.Column('corrected_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'account_id'], ['account.cabinet_id', 'account.id'], name=op.f('fk_account_override_cabinet_id_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_account_override')),
    sa.UniqueConstraint('cabinet_id', 'account_id', 'field', name=op.f('uq_account_override_cabinet_id_account_id_field'))
    )


def downgrade() -> None:
    op.drop_table('account_override')
    with op.batch_alter_table('account', schema=None) as batch_op:
        for name in ('archived_at', 'introducer_code', 'settlement', 'tax_option', *reversed(_FEES)):
            batch_op.drop_column(name)
