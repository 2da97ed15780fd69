"""The certificates with which a cabinet signs what it says by SAML."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('link_certificate',
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('pem', sa.Text(), nullable=False),
    sa.Column('created_at', core.db.types.Instant(), nullable=False),
    sa.Column('active_from', core.db.types.Instant(), nullable=True),
    sa.Column('retired_at', core.db.types.Instant(), nullable=True),
    sa.Column('withdrawn_at', core.db.types.Instant(), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_link_certificate_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_link_certificate')),
    sa.UniqueConstraint('cabinet_id', 'fingerprint', name=op.f('uq_link_certificate_cabinet_id_fingerprint'))
    )


def downgrade() -> None:
    op.drop_table('link_certificate')
