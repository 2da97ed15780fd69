"""Messages to clients, and the documents that went with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('message',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('contact_id', sa.String(length=26), nullable=False),
    sa.Column('plugin', sa.String(length=60), nullable=False),
    sa.Column('channel', sa.String(length=60), nullable=False),
    sa.Column('label', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=26), nullable=False),
    sa.Column('asked_at', core.db.types.Instant(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sent', 'failed', native_enum=False, length=8), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('ended_at', core.db.types.Instant(), nullable=True),
    sa.Column('part', sa.String(length=80), nullable=False),
    sa.Column('url', sa.String(length=200), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'asked_by'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_message_cabinet_id_asked_by')),
    sa.ForeignKeyConstraint(['cabinet_id', 'contact_id'], ['contact.cabinet_id', 'contact.id'], name=op.f('fk_message_cabinet_id_contact_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_message')),
    sa.UniqueConstraint('cabinet_id', 'key', name=op.f('uq_message_cabinet_id_key'))
    )
    op.create_index('ix_message_contact', 'message', ['cabinet_id', 'contact_id', 'asked_at'])
    op.create_table('message_document',
    sa.Column('message_id', sa.String(length=26), nullable=False),
    sa.Column('document_id', sa.String(length=26), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'document_id'], ['document.cabinet_id', 'document.id'], name=op.f('fk_message_document_cabinet_id_document_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'message_id'], ['message.cabinet_id', 'message.id'], name=op.f('fk_message_document_cabinet_id_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_message_document')),
    sa.UniqueConstraint('cabinet_id', 'message_id', 'document_id', name=op.f('uq_message_document_cabinet_id_message_id_document_id'))
    )
    op.create_index('ix_message_document_document', 'message_document', ['cabinet_id', 'document_id'])


def downgrade() -> None:
    op.drop_table('message_document')
    op.drop_table('message')
