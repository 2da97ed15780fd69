"""Indexes of long lists: accounts by title and by envelope, who holds a support."""

from __future__ import annotations

from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_account_title', 'account', ['cabinet_id', 'title', 'number_key', 'id'], unique=False)
    op.create_index('ix_account_envelope', 'account', ['cabinet_id', 'envelope'], unique=False)
    op.create_index('ix_position_support', 'position', ['cabinet_id', 'support_id', 'account_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_position_support', table_name='position')
    op.drop_index('ix_account_envelope', table_name='account')
    op.drop_index('ix_account_title', table_name='account')
