"""Which act a movement is of: what acts typed here wrote, what people confirm and refuse of what feeds bring."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

import core.db.types
from core.db.clock import now
from core.db.model import new_id


revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_STANDS = sa.text("state <> 'REFUSE'")


def upgrade() -> None:
    op.create_table('movement_match',
    sa.Column('transaction_id', sa.String(length=26), nullable=False),
    sa.Column('movement_id', sa.String(length=26), nullable=False),
    sa.Column('state', sa.Enum('ECRIT', 'CONFIRME', 'REFUSE', native_enum=False, length=8), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('aside', sa.JSON(), nullable=False),
    sa.Column('decided_by', sa.String(length=60), nullable=False),
    sa.Column('decided_at', core.db.types.Instant(), nullable=False),
    sa.Column('cabinet_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('id', sa.String(length=26), nullable=False),
    sa.ForeignKeyConstraint(['cabinet_id', 'movement_id'], ['movement.cabinet_id', 'movement.id'], name=op.f('fk_movement_match_cabinet_id_movement_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['cabinet_id', 'transaction_id'], ['transaction.cabinet_id', 'transaction.id'], name=op.f('fk_movement_match_cabinet_id_transaction_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('cabinet_id', 'id', name=op.f('pk_movement_match')),
    sa.UniqueConstraint('cabinet_id', 'transaction_id', 'movement_id', name=op.f('uq_movement_match_cabinet_id_transaction_id_movement_id'))
    )
    op.create_index('ix_movement_match_movement', 'movement_match', ['cabinet_id', 'movement_id'], unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS)
    _written()


def downgrade() -> None:
    op.drop_table('movement_match')


def _written() -> None:
    """What acts executed before today wrote: their own line of history keeps the ids."""
    acts = sa.table('transaction', sa.column('cabinet_id'), sa.column('id'), sa.column('status'))
    lines = sa.table(
        'transaction_event', sa.column('cabinet_id'), sa.column('id'), sa.column('transaction_id'), sa.column('status'),
        sa.column('source'), sa.column('data', sa.JSON()),
    )
    moves = sa.table('movement', sa.column('cabinet_id'), sa.column('id'))
    made = sa.table(
        'movement_match', sa.column('cabinet_id'), sa.column('id'), sa.column('transaction_id'), sa.column('movement_id'),
        sa.column('state'), sa.column('score'), sa.column('reasons', sa.JSON()), sa.column('aside', sa.JSON()),
        sa.column('decided_by'), sa.column('decided_at', core.db.types.Instant()),
    )
    bind = op.get_bind()
    executed = bind.execute(
        sa.select(lines.c.cabinet_id, lines.c.transaction_id, lines.c.data)
        .join(acts, sa.and_(acts.c.cabinet_id == lines.c.cabinet_id, acts.c.id == lines.c.transaction_id))
        .where(lines.c.cabinet_id.in_(sa.select(sa.table('cabinet', sa.column('id')).c.id)))
        .where(acts.c.status == 'executed_here', lines.c.status == 'executed_here', lines.c.source == 'typed')
    ).all()
    for cabinet_id, transaction_id, data in executed:
        ids = [str(one) for one in _ids(data)]
        there = sa.select(moves.c.id).where(moves.c.cabinet_id == cabinet_id, moves.c.id.in_(ids))
        for movement_id in bind.execute(there).scalars().all() if ids else ():
            bind.execute(sa.insert(made).values(
                cabinet_id=cabinet_id, id=new_id(), transaction_id=transaction_id, movement_id=movement_id, state='ECRIT',
                score=0, reasons=[], aside=[], decided_by='system', decided_at=now(),
            ))


def _ids(data: Any) -> list[Any]:
    found = data.get('movements') if isinstance(data, dict) else None
    return found if isinstance(found, list) else []
