"""Documents signed by people: requests, signers, the cabinet's seal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signature_seal',
    sa.Column('certificate', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('made_at', core.db.types.Instant(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_signature_seal_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_signature_seal'))
    )
    op.create_index('ix_signature_seal_until', 'signature_seal', ['cabinet_id', 'until'])
    op.create_table('signature_request',
    sa.Column('document_id', sa.String(length=26), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('PRET', 'ENVOYE', 'CONSULTE', 'SIGNE_PARTIEL', 'SIGNE', 'REFUSE', 'EXPIRE', 'ANNULE', native_enum=False), nullable=False),
    sa.Column('asked_by', sa.String(length=26), nullable=False),
    sa.Column('asked_at', core.db.types.Instant(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=False),
    sa.Column('ended_at', core.db.types.Instant(), nullable=True),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.Column('signed_id', sa.String(length=26), nullable=True),
    sa.Column('proof_id', sa.String(length=26), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'asked_by'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_signature_request_cabinet_id_asked_by')),
    sa.ForeignKeyConstraint(['cabinet_id', 'document_id'], ['document.cabinet_id', 'document.id'], name=op.f('fk_signature_request_cabinet_id_document_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'proof_id'], ['document.cabinet_id', 'document.id'], name=op.f('fk_signature_request_cabinet_id_proof_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'signed_id'], ['document.cabinet_id', 'document.id'], name=op.f('fk_signature_request_cabinet_id_signed_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_signature_request'))
    )
    op.create_index('ix_signature_request_document', 'signature_request', ['cabinet_id', 'document_id'])
    op.create_index('ix_signature_request_state', 'signature_request', ['cabinet_id', 'state', 'expires_on'])
    op.create_table('signature_signer',
    sa.Column('request_id', sa.String(length=26), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.String(length=26), nullable=True),
    sa.Column('user_id', sa.String(length=26), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('behalf', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('way', sa.Enum('PLACE', 'LIEN', 'PAPIER', native_enum=False), nullable=False),
    sa.Column('state', sa.Enum('ATTENTE', 'INVITE', 'CONSULTE', 'SIGNE', 'REFUSE', native_enum=False), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('invited_at', core.db.types.Instant(), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('seen_at', core.db.types.Instant(), nullable=True),
    sa.Column('ended_at', core.db.types.Instant(), nullable=True),
    sa.Column('typed_name', sa.String(length=200), nullable=False),
    sa.Column('strokes', sa.Text(), nullable=False),
    sa.Column('consent', sa.Integer(), nullable=True),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.Column('agent', sa.String(length=200), nullable=False),
    sa.Column('witness', sa.String(length=26), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'contact_id'], ['contact.cabinet_id', 'contact.id'], name=op.f('fk_signature_signer_cabinet_id_contact_id')),
    sa.ForeignKeyConstraint(['cabinet_id', 'request_id'], ['signature_request.cabinet_id', 'signature_request.id'], name=op.f('fk_signature_signer_cabinet_id_request_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['cabinet_id', 'user_id'], ['user_login.cabinet_id', 'user_login.id'], name=op.f('fk_signature_signer_cabinet_id_user_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_signature_signer')),
    sa.UniqueConstraint('cabinet_id', 'request_id', 'rank', name=op.f('uq_signature_signer_cabinet_id_request_id_rank'))
    )
    op.create_index('ix_signature_signer_contact', 'signature_signer', ['cabinet_id', 'contact_id'])
    op.create_index('ix_signature_signer_token', 'signature_signer', ['cabinet_id', 'token_hash'])


def downgrade() -> None:
    op.drop_table('signature_signer')
    op.drop_table('signature_request')
    op.drop_table('signature_seal')
