"""Sub-categories of documents that cabinets name themselves; what a mandate is filed under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db.types


revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('document_category',
    sa.Column('parent', sa.String(length=60), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('folded', sa.String(length=80), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('archived_at', core.db.types.Instant(), nullable=True),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id'], ['cabinet.id'], name=op.f('fk_document_category_cabinet_id')),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_document_category')),
    sa.UniqueConstraint('cabinet_id', 'parent', 'folded', name=op.f('uq_document_category_cabinet_id_parent_folded'))
    )
    _call_mandates('Mandat', 'MANDAT')


def downgrade() -> None:
    _call_mandates('MANDAT', 'Mandat')
    op.drop_table('document_category')


def _call_mandates(former: str, new: str) -> None:
    """In every cabinet."""
    document = sa.table('document', *(sa.column(name) for name in ('cabinet_id', 'owner_kind', 'category')))
    every = document.c.cabinet_id.in_(sa.select(sa.table('cabinet', sa.column('id')).c.id))
    theirs = (document.c.owner_kind == 'mandate') & (document.c.category == former)
    op.execute(sa.update(document).where(every, theirs).values(category=new))
