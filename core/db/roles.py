"""Which PostgreSQL role may do what: the second wall binds web's and worker's, the owner's migrates (architecture.md §3)."""

from __future__ import annotations

from sqlalchemy import Boolean
from sqlalchemy import String
from sqlalchemy import column
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import table

from core.config import ConfigError
from core.db.session import Database

_ROLES = table("pg_roles", column("rolname", String), column("rolsuper", Boolean), column("rolbypassrls", Boolean))
_TABLES = table(
    "pg_tables", column("schemaname", String), column("tablename", String), column("tableowner", String)
)
_HELP = (
    "Donnez à ENCOURS_DATABASE_URL le rôle encours_app (docs/operator.md, «PostgreSQL : deux rôles»), ou écrivez "
    "ENCOURS_ONE_ROLE=1 pour vous en passer."
)
_OWNER_HELP = (
    "Donnez à ENCOURS_OWNER_URL l'adresse de la même base par le rôle qui les possède, encours_owner (docs/operator.md, "
    "«PostgreSQL : deux rôles»)."
)


def name(db: Database) -> str | None:
    """The role that connections have; None on SQLite, which knows none."""
    if db.is_sqlite:
        return None
    with db.session(None, write=False) as session:
        return session.scalar(select(func.current_user()))


def check(db: Database) -> None:
    """Raise `ConfigError` where the role could read or change other cabinets' rows, or the journal."""
    if db.is_sqlite:
        return
    with db.session(None, write=False) as session:
        me = func.current_user()
        who, passes = session.execute(
            select(_ROLES.c.rolname, _ROLES.c.rolsuper | _ROLES.c.rolbypassrls).where(_ROLES.c.rolname == me)
        ).one()
        owned = session.scalars(
            select(_TABLES.c.tablename)
            .where(_TABLES.c.schemaname == func.current_schema(), func.pg_has_role(_TABLES.c.tableowner, "MEMBER"))
            .order_by(_TABLES.c.tablename)
        ).first()
    if passes:
        raise ConfigError(f"Le rôle PostgreSQL «{who}» n'est tenu par aucune règle de lignes (SUPERUSER ou BYPASSRLS). {_HELP}")
    if owned is not None:
        raise ConfigError(f"Le rôle PostgreSQL «{who}» possède les tables : il pourrait lever leurs règles de lignes. {_HELP}")


def check_owner(db: Database) -> None:
    """Raise `ConfigError` where the role could not bring the tables to this version's schema."""
    if db.is_sqlite:
        return
    with db.session(None, write=False) as session:
        schema = func.current_schema()
        who, may_create = session.execute(select(func.current_user(), func.has_schema_privilege(schema, "CREATE"))).one()
        foreign = session.scalars(
            select(_TABLES.c.tablename)
            .where(_TABLES.c.schemaname == schema, ~func.pg_has_role(_TABLES.c.tableowner, "MEMBER"))
            .order_by(_TABLES.c.tablename)
        ).first()
    if foreign is not None or not may_create:
        raise ConfigError(f"Le rôle PostgreSQL «{who}» ne possède pas les tables et ne peut les changer. {_OWNER_HELP}")
