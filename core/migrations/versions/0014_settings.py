"""Settings of a person, who kept which secret, since when a cabinet has a module."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

#: Where the journal was purged of it, or never told: what the table itself still knows.
_SINCE = """
UPDATE plugin_enabling SET first_at = COALESCE(
  (SELECT MIN(audit_entry.at) FROM audit_entry WHERE audit_entry.cabinet_id = plugin_enabling.cabinet_id
   AND audit_entry.action = 'plugin.enabled' AND audit_entry.subject = 'plugin:' || plugin_enabling.plugin),
  CASE WHEN enabled THEN changed_at END)
WHERE plugin_enabling.cabinet_id IN (SELECT id FROM cabinet)
"""


def upgrade() -> None:
    with op.batch_alter_table('plugin_enabling', schema=None) as batch_op:
        batch_op.add_column(sa.Column('first_at', core.db.types.Instant(), nullable=True))
    op.execute(_SINCE)
    with op.batch_alter_table('plugin_settings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('secrets', sa.JSON(), nullable=False, server_default='{}'))
    op.create_table('plugin_user_settings',
    sa.Column('user_id', sa.String(length=26), nullable=False),
    sa.Column('plugin', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('secrets', sa.JSON(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_plugin_user_settings_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_plugin_user_settings')),
    sa.UniqueConstraint('cabinet_id', 'user_id', 'plugin', name=op.f('uq_plugin_user_settings_cabinet_id_user_id_plugin'))
    )


def downgrade() -> None:
    op.drop_table('plugin_user_settings')
    with op.batch_alter_table('plugin_settings', schema=None) as batch_op:
        batch_op.drop_column('secrets')
    with op.batch_alter_table('plugin_enabling', schema=None) as batch_op:
        batch_op.drop_column('first_at')
