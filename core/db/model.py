"""The two kinds of table: a cabinet's own, and the instance's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from typing import ClassVar

from sqlalchemy import JSON
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from ulid import ULID

from core.db.types import Instant

#: Tables without a cabinet. A test reads this list: any other table carries `cabinet_id`.
INSTANCE_TABLES = (
    "cabinet",
    "user_login",
    "session",
    "api_token",
    "sign_in_attempts",
    "device",
    "password_reset",
    "oidc_client",
    "oidc_code",
    "endpoint",
    "job",
    "lease",
    "replay_guard",
    "breaker",
    "catalogue_company",
    "catalogue_product",
    "catalogue_support",
    "catalogue_price",
)

#: Tables of cabinets whose rows nothing names: their key is what they say. A test reads this list too.
KEYED = ("search_word", "search_variant")


def new_id() -> str:
    """A new key: 26 characters, opaque, sorted by time (keyset paging, locality of indexes)."""
    return str(ULID()).lower()


class Base(DeclarativeBase):
    """Everything that is stored."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant(), dict[str, Any]: JSON(), list[Any]: JSON()}


class Owned(Base):
    """A cabinet's own table: its key begins with its cabinet, by which the walls tell whose its rows are."""

    __abstract__ = True

    cabinet_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class Model(Owned):
    """What a cabinet's own table is: its key is (cabinet_id, id), so that no foreign key can cross cabinets."""

    __abstract__ = True

    id: Mapped[str] = mapped_column(String(26), primary_key=True, default=new_id, sort_order=1)  # after the cabinet


def belongs(column: str, target: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key within the cabinet: (cabinet_id, column) → target(cabinet_id, id)."""
    return ForeignKeyConstraint(["cabinet_id", column], [f"{target}.cabinet_id", f"{target}.id"], ondelete=ondelete)


def of_cabinet() -> ForeignKeyConstraint:
    """The tie of a cabinet's table to its cabinet."""
    return ForeignKeyConstraint(["cabinet_id"], ["cabinet.id"])
