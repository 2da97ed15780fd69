"""Imports: one row a file, one a line that did something or failed; what is remembered of a source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('import_run',
    sa.Column('user_id', sa.String(length=26), nullable=True),
    sa.Column('plugin', sa.String(length=60), nullable=False),
    sa.Column('target', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=80), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('table_sha256', sa.String(length=64), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('tally', sa.JSON(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('stop', sa.Boolean(), nullable=False),
    sa.Column('trouble', sa.String(length=300), nullable=False),
    sa.Column('kept_until', core.db.types.Instant(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('begun_at', core.db.types.Instant(), nullable=True),
    sa.Column('ended_at', core.db.types.Instant(), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_import_run_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_import_run'))
    )
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.create_index('ix_import_run_made', ['cabinet_id', 'created_at'], unique=False)

    op.create_table('import_line',
    sa.Column('import_id', sa.String(length=26), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=8), nullable=False),
    sa.Column('ref', sa.String(length=26), nullable=True),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('undone', sa.Boolean(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'import_id'], ['import_run.cabinet_id', 'import_run.id'], name=op.f('fk_import_line_cabinet_id_import_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_import_line')),
    sa.UniqueConstraint('cabinet_id', 'import_id', 'number', name=op.f('uq_import_line_cabinet_id_import_id_number'))
    )

    op.create_table('import_source',
    sa.Column('plugin', sa.String(length=60), nullable=False),
    sa.Column('target', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('heads', sa.String(length=64), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('used_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_import_source_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_import_source')),
    sa.UniqueConstraint('cabinet_id', 'plugin', 'target', 'name', name=op.f('uq_import_source_cabinet_id_plugin_target_name'))
    )
    with op.batch_alter_table('import_source', schema=None) as batch_op:
        batch_op.create_index('ix_import_source_heads', ['cabinet_id', 'heads'], unique=False)


def downgrade() -> None:
    op.drop_table('import_source')
    op.drop_table('import_line')
    op.drop_table('import_run')
