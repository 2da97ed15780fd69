"""What is known of a support, value by value, with its source and its day; files, ranges, favourites."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('support', sa.Column('manager', sa.String(length=120), nullable=True))
    op.add_column('support', sa.Column('category', sa.String(length=80), nullable=True))
    op.add_column('support', sa.Column('srri', sa.Integer(), nullable=True))
    op.add_column('support', sa.Column('ongoing_costs', core.db.types.ExactDecimal(8), nullable=True))

    op.create_table('support_fact',
    sa.Column('support_id', sa.String(length=26), nullable=False),
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('origin', sa.Enum('SAISIE', 'FICHIER', 'DEPART', native_enum=False, length=8), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('line', sa.Integer(), nullable=True),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('said_by', sa.String(length=120), nullable=False),
    sa.Column('said_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'support_id'], ['support.cabinet_id', 'support.id'], name=op.f('fk_support_fact_cabinet_id_support_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_support_fact')),
    sa.UniqueConstraint('cabinet_id', 'support_id', 'key', 'origin', name=op.f('uq_support_fact_cabinet_id_support_id_key_origin'))
    )

    op.create_table('support_file',
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('state', sa.Enum('LU', 'APPLIQUE', 'ANNULE', 'REFUSE', native_enum=False, length=8), nullable=False),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('done', sa.JSON(), nullable=False),
    sa.Column('sent_by', sa.String(length=120), nullable=False),
    sa.Column('sent_at', core.db.types.Instant(), nullable=False),
    sa.Column('ended_at', core.db.types.Instant(), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_support_file_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_support_file'))
    )
    op.create_index('ix_support_file_sent', 'support_file', ['cabinet_id', 'sent_at'])

    op.create_table('support_range',
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('company_id', sa.String(length=26), nullable=True),
    sa.Column('product', sa.String(length=120), nullable=False),
    sa.Column('remarks', sa.String(length=500), nullable=False),
    sa.Column('archived_at', core.db.types.Instant(), nullable=True),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'company_id'], ['company.cabinet_id', 'company.id'], name=op.f('fk_support_range_cabinet_id_company_id')),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_support_range_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_support_range')),
    sa.UniqueConstraint('cabinet_id', 'name', name=op.f('uq_support_range_cabinet_id_name'))
    )
    op.create_table('support_range_line',
    sa.Column('range_id', sa.String(length=26), nullable=False),
    sa.Column('support_id', sa.String(length=26), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'range_id'], ['support_range.cabinet_id', 'support_range.id'], name=op.f('fk_support_range_line_cabinet_id_range_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['cabinet_id', 'support_id'], ['support.cabinet_id', 'support.id'], name=op.f('fk_support_range_line_cabinet_id_support_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_support_range_line')),
    sa.UniqueConstraint('cabinet_id', 'range_id', 'support_id', name=op.f('uq_support_range_line_cabinet_id_range_id_support_id'))
    )
    op.create_index('ix_support_range_line_support', 'support_range_line', ['cabinet_id', 'support_id'])
    op.create_table('support_favourite',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('support_id', sa.String(length=26), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'support_id'], ['support.cabinet_id', 'support.id'], name=op.f('fk_support_favourite_cabinet_id_support_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_support_favourite_cabinet_id_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_support_favourite')),
    sa.UniqueConstraint('cabinet_id', 'user_id', 'support_id', name=op.f('uq_support_favourite_cabinet_id_user_id_support_id'))
    )


def downgrade() -> None:
    op.drop_table('support_favourite')
    op.drop_index('ix_support_range_line_support', table_name='support_range_line')
    op.drop_table('support_range_line')
    op.drop_table('support_range')
    op.drop_index('ix_support_file_sent', table_name='support_file')
    op.drop_table('support_file')
    op.drop_table('support_fact')
    with op.batch_alter_table('support', schema=None) as batch_op:
        for name in ('ongoing_costs', 'srri', 'category', 'manager'):
            batch_op.drop_column(name)
