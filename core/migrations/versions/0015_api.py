"""Personal access tokens, and what the API answered to each idempotency key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.db.types import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('api_token',
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('prefix', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('expires_at', Instant(), nullable=False),
    sa.Column('last_used_at', Instant(), nullable=True),
    sa.Column('revoked_at', Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash'))
    )
    op.create_index('ix_api_token_user', 'api_token', ['user_id'], unique=False)
    op.create_table('api_reply',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('headers', sa.JSON(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_api_reply_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_api_reply')),
    sa.UniqueConstraint('cabinet_id', 'user_id', 'key', name=op.f('uq_api_reply_cabinet_id_user_id_key'))
    )
    op.create_index('ix_api_reply_created', 'api_reply', ['cabinet_id', 'created_at'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_api_reply_created', table_name='api_reply')
    op.drop_table('api_reply')
    op.drop_index('ix_api_token_user', table_name='api_token')
    op.drop_table('api_token')
