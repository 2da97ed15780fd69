"""Rights: agencies, a cabinet's own profiles, what an event or a notification is about, the trace of what was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agency',
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_agency_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_agency')),
    sa.UniqueConstraint('cabinet_id', 'name', name=op.f('uq_agency_cabinet_id_name'))
    )
    op.create_table('agency_member',
    sa.Column('agency_id', sa.String(length=26), nullable=False),
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'agency_id'], ['agency.cabinet_id', 'agency.id'], name=op.f('fk_agency_member_cabinet_id_agency_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_agency_member_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_agency_member')),
    sa.UniqueConstraint('cabinet_id', 'agency_id', 'user_id', name=op.f('uq_agency_member_cabinet_id_agency_id_user_id'))
    )
    op.create_index('ix_agency_member_user', 'agency_member', ['cabinet_id', 'user_id', 'agency_id'], unique=False)
    op.create_table('profile',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('rights', sa.JSON(), nullable=False),
    sa.Column('changed_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_profile_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_profile')),
    sa.UniqueConstraint('cabinet_id', 'code', name=op.f('uq_profile_cabinet_id_code'))
    )
    op.create_table('access_line',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('what', sa.String(length=8), nullable=False),
    sa.Column('subject_kind', sa.String(length=12), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=False),
    sa.Column('at', core.db.types.Instant(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_access_line_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_access_line')),
    sa.UniqueConstraint('cabinet_id', 'subject_id', 'subject_kind', 'user_id', 'what', 'slot', name='uq_access_line_once')
    )
    op.create_index('ix_access_line_at', 'access_line', ['cabinet_id', 'at'], unique=False)
    for table in ('notification', 'live_event'):
        op.add_column(table, sa.Column('subject_kind', sa.String(length=12), nullable=True))
        op.add_column(table, sa.Column('subject_id', sa.String(length=64), nullable=True))
    # both now hold all that a right's condition reads: it never goes to the table
    op.drop_index('ix_contact_adviser_user', table_name='contact_adviser')
    op.create_index('ix_contact_adviser_user', 'contact_adviser', ['cabinet_id', 'user_id', 'contact_id'], unique=False)
    op.drop_index('ix_account_role_contact', table_name='account_role')
    op.create_index('ix_account_role_contact', 'account_role', ['cabinet_id', 'contact_id', 'role', 'account_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_account_role_contact', table_name='account_role')
    op.create_index('ix_account_role_contact', 'account_role', ['cabinet_id', 'contact_id'], unique=False)
    op.drop_index('ix_contact_adviser_user', table_name='contact_adviser')
    op.create_index('ix_contact_adviser_user', 'contact_adviser', ['cabinet_id', 'user_id'], unique=False)
    for table in ('notification', 'live_event'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('subject_kind')
            batch_op.drop_column('subject_id')
    for table in ('access_line', 'profile', 'agency_member', 'agency'):
        op.drop_table(table)
