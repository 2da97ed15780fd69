"""Contacts that became one, contacts that are not the same, where addresses lie."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


_PART = 'fk_account_part_cabinet_id_contact_id'


def _part(ondelete: str | None) -> None:
    """A part is reckoned of roles: it goes with its contact."""
    with op.batch_alter_table('account_part', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(_PART), type_='foreignkey')
        batch_op.create_foreign_key(op.f(_PART), 'contact', ['cabinet_id', 'contact_id'], ['cabinet_id', 'id'], ondelete=ondelete)


def upgrade() -> None:
    _part('CASCADE')
    op.create_table('contact_merge',
    sa.Column('kept_id', sa.String(length=26), nullable=False),
    sa.Column('merged_id', sa.String(length=26), nullable=False),
    sa.Column('merged_name', sa.String(length=200), nullable=False),
    sa.Column('file_code', sa.String(length=20), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('merged_by', sa.String(length=60), nullable=False),
    sa.Column('at', core.db.types.Instant(), nullable=False),
    sa.Column('undone_at', core.db.types.Instant(), nullable=True),
    sa.Column('undone_by', sa.String(length=60), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_contact_merge_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_contact_merge'))
    )
    with op.batch_alter_table('contact_merge', schema=None) as batch_op:
        batch_op.create_index('ix_contact_merge_code', ['cabinet_id', 'file_code'], unique=False)
        batch_op.create_index('ix_contact_merge_kept', ['cabinet_id', 'kept_id'], unique=False)
        batch_op.create_index('ix_contact_merge_merged', ['cabinet_id', 'merged_id'], unique=False)

    op.create_table('contact_apart',
    sa.Column('first_id', sa.String(length=26), nullable=False),
    sa.Column('second_id', sa.String(length=26), nullable=False),
    sa.Column('said_by', sa.String(length=60), nullable=False),
    sa.Column('at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'first_id'], ['contact.cabinet_id', 'contact.id'], name=op.f('fk_contact_apart_cabinet_id_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['cabinet_id', 'second_id'], ['contact.cabinet_id', 'contact.id'], name=op.f('fk_contact_apart_cabinet_id_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_contact_apart')),
    sa.UniqueConstraint('cabinet_id', 'first_id', 'second_id', name=op.f('uq_contact_apart_cabinet_id_first_id_second_id'))
    )
    with op.batch_alter_table('contact_apart', schema=None) as batch_op:
        batch_op.create_index('ix_contact_apart_second', ['cabinet_id', 'second_id'], unique=False)

    op.create_table('address_place',
    sa.Column('address_id', sa.String(length=26), nullable=False),
    sa.Column('asked', sa.String(length=500), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('latitude', sa.Float(), nullable=True),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('source', sa.String(length=100), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('candidates', sa.JSON(), nullable=False),
    sa.Column('at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'address_id'], ['contact_address.cabinet_id', 'contact_address.id'], name=op.f('fk_address_place_cabinet_id_address_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_address_place')),
    sa.UniqueConstraint('cabinet_id', 'address_id', name=op.f('uq_address_place_cabinet_id_address_id'))
    )
    with op.batch_alter_table('address_place', schema=None) as batch_op:
        batch_op.create_index('ix_address_place_where', ['cabinet_id', 'latitude', 'longitude'], unique=False)


def downgrade() -> None:
    _part(None)
    with op.batch_alter_table('address_place', schema=None) as batch_op:
        batch_op.drop_index('ix_address_place_where')

    op.drop_table('address_place')
    with op.batch_alter_table('contact_apart', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_apart_second')

    op.drop_table('contact_apart')
    with op.batch_alter_table('contact_merge', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_merge_merged')
        batch_op.drop_index('ix_contact_merge_kept')
        batch_op.drop_index('ix_contact_merge_code')

    op.drop_table('contact_merge')
