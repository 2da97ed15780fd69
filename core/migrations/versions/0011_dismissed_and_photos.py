"""Notifications that a person dismissed; the photo of a person of the cabinet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dismissed_at', core.db.types.Instant(), nullable=True))
    with op.batch_alter_table('user_login', schema=None) as batch_op:
        batch_op.add_column(sa.Column('photo_id', sa.String(length=26), nullable=True))
    op.create_table('user_photo',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('image', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_user_photo_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_user_photo')),
    sa.UniqueConstraint('cabinet_id', 'user_id', name=op.f('uq_user_photo_cabinet_id_user_id'))
    )


def downgrade() -> None:
    op.drop_table('user_photo')
    with op.batch_alter_table('user_login', schema=None) as batch_op:
        batch_op.drop_column('photo_id')
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_column('dismissed_at')
