"""What may be taken back; files that were sent and wait for their form; the order of a contact's channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


CHANNELS = ('contact_address', 'contact_phone', 'contact_email', 'contact_bank')


def upgrade() -> None:
    for table in CHANNELS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('position', sa.Integer(), nullable=False, server_default='0'))
    op.create_table('undo_offer',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('command', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=100), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('expires_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_undo_offer_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_undo_offer'))
    )
    op.create_index('ix_undo_offer_expires', 'undo_offer', ['cabinet_id', 'expires_at'], unique=False)
    op.create_table('upload',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('rule', sa.String(length=60), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('expires_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_upload_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_upload'))
    )
    op.create_index('ix_upload_user', 'upload', ['cabinet_id', 'user_id'], unique=False)
    op.create_index('ix_upload_expires', 'upload', ['cabinet_id', 'expires_at'], unique=False)


def downgrade() -> None:
    for table in ('upload', 'undo_offer'):
        op.drop_table(table)
    for table in CHANNELS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('position')
