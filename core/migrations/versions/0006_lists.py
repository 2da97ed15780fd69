"""What people keep of lists: saved views, chosen columns; the indexes by which long lists are sorted and filtered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_view',
    sa.Column('list_key', sa.String(length=60), nullable=False),
    sa.Column('owner_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('query', sa.String(length=2000), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('updated_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'owner_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_saved_view_cabinet_id_owner_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_saved_view'))
    )
    op.create_index('ix_saved_view_list', 'saved_view', ['cabinet_id', 'list_key'], unique=False)
    op.create_table('list_preference',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('list_key', sa.String(length=60), nullable=False),
    sa.Column('columns', sa.String(length=1000), nullable=True),
    sa.Column('view_id', sa.String(length=26), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_list_preference_cabinet_id_user_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'view_id'], ['saved_view.cabinet_id', 'saved_view.id'], name=op.f('fk_list_preference_cabinet_id_view_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_list_preference')),
    sa.UniqueConstraint('cabinet_id', 'user_id', 'list_key', name=op.f('uq_list_preference_cabinet_id_user_id_list_key'))
    )
    op.create_index('ix_list_preference_view', 'list_preference', ['cabinet_id', 'view_id'], unique=False)
    op.create_index('ix_contact_stage', 'contact', ['cabinet_id', 'stage', 'sort_name', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_contact_stage', 'contact')
    for table in ('list_preference', 'saved_view'):
        op.drop_table(table)
