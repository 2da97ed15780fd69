"""One's own file: telephone, single-key shortcuts; notifications read newest first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('user_login', schema=None) as batch_op:
        batch_op.add_column(sa.Column('phone', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('single_keys', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index('ix_notification_recent', 'notification', ['cabinet_id', 'user_id', 'created_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_notification_recent', table_name='notification')
    with op.batch_alter_table('user_login', schema=None) as batch_op:
        batch_op.drop_column('single_keys')
        batch_op.drop_column('phone')
