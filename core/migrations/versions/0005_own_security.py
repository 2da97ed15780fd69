"""The person's own security: limits of sign-in, devices, second factor, reset links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('cabinet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('second_factor_required', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table('sign_in_attempts',
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('since', core.db.types.Instant(), nullable=False),
    sa.Column('blocked_until', core.db.types.Instant(), nullable=True),
    sa.Column('blocks', sa.Integer(), nullable=False),
    sa.Column('seen_at', core.db.types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sign_in_attempts'))
    )
    op.create_index('ix_sign_in_attempts_seen', 'sign_in_attempts', ['seen_at'], unique=False)
    op.create_table('device',
    sa.Column('mark_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('ip', sa.String(length=45), nullable=True),
    sa.Column('first_at', core.db.types.Instant(), nullable=False),
    sa.Column('seen_at', core.db.types.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('mark_hash', 'user_id', name=op.f('pk_device'))
    )
    op.create_index('ix_device_user', 'device', ['user_id'], unique=False)
    op.create_table('password_reset',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('expires_at', core.db.types.Instant(), nullable=False),
    sa.Column('used_at', core.db.types.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_password_reset'))
    )
    op.create_index('ix_password_reset_user', 'password_reset', ['user_id'], unique=False)
    op.create_table('second_factor',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('confirmed_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_second_factor_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_second_factor')),
    sa.UniqueConstraint('cabinet_id', 'user_id', name=op.f('uq_second_factor_cabinet_id_user_id'))
    )
    op.create_table('recovery_code',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('code_hash', sa.String(length=120), nullable=False),
    sa.Column('used_at', core.db.types.Instant(), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_recovery_code_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_recovery_code'))
    )
    op.create_index('ix_recovery_code_user', 'recovery_code', ['cabinet_id', 'user_id'], unique=False)


def downgrade() -> None:
    for table in ('recovery_code', 'second_factor', 'password_reset', 'device', 'sign_in_attempts'):
        op.drop_table(table)
    with op.batch_alter_table('cabinet', schema=None) as batch_op:
        batch_op.drop_column('second_factor_required')
