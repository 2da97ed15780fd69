"""The walls that the database itself holds: rows of one cabinet for one cabinet, a journal that is only added to.

`core.db.migrate` lowers and raises them around every upgrade, over what the catalogue holds: a table of a later
migration, or of a plugin, is behind them without anybody having thought of it (architecture.md §3, ADR 008).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

from core.db.model import INSTANCE_TABLES

#: The journal: rows are added, never changed; payloads go by a purge that is itself written down (`core.cabinets.audit`).
JOURNAL = ("audit_entry", "audit_payload", "audit_purge")
#: The policy's name; another name where its words change, so that an upgrade puts the new one in place.
POLICY = "own_cabinet"
#: No cabinet set: NULL, or '' on a connection that had one in an earlier transaction. Both mean no row.
_OWN = "cabinet_id = NULLIF(current_setting('app.cabinet_id', true), '')::int"

#: Tables of cabinets as the catalogue knows them: name, whether all of the wall stands, whether it is forced.
TABLES = f"""
SELECT c.relname, c.relforcerowsecurity,
       c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
           SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = '{POLICY}')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'cabinet_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname
"""  # noqa: S608 - our own name
#: Tables that say at which revision core and each plugin stand: the application's role reads them only.
VERSIONS = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND starts_with(tablename, 'alembic_version')"
#: Whether the role that migrates passes by the policies: they would hide from it the rows that it is to change.
BYPASSES = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def scoped(found: Iterable[tuple[str, bool, bool]]) -> list[tuple[str, bool, bool]]:
    """The catalogue's lines without the instance's tables."""
    return [line for line in found if line[0] not in INSTANCE_TABLES]


def lowered(found: Iterable[tuple[str, bool, bool]]) -> Iterator[str]:
    """PostgreSQL, an owner that cannot bypass: it sees all rows until the end of the upgrade's transaction."""
    for name, forced, _whole in scoped(found):
        if forced:
            yield f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY'


def raised(found: Iterable[tuple[str, bool, bool]]) -> Iterator[str]:
    """PostgreSQL: row-level security, forced on owners too, on every table of cabinets that lacks it."""
    for name, _forced, whole in scoped(found):
        if whole:
            continue
        yield f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY'
        yield f'DROP POLICY IF EXISTS {POLICY} ON "{name}"'
        yield f'CREATE POLICY {POLICY} ON "{name}" USING ({_OWN}) WITH CHECK ({_OWN})'


def granted(role: str, schema: str, version_tables: Iterable[str]) -> Iterator[str]:
    """PostgreSQL: what the application's role may do: rows, never tables; the journal, added to and read."""
    to, where = f'"{role}"', f'"{schema}"'
    yield f"GRANT USAGE ON SCHEMA {where} TO {to}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {where} TO {to}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {where} TO {to}"
    for name in JOURNAL:
        yield f'REVOKE UPDATE, DELETE ON {where}."{name}" FROM {to}'
    for name in version_tables:
        yield f'REVOKE INSERT, UPDATE, DELETE ON {where}."{name}" FROM {to}'


def journal_postgresql(schema: str) -> Iterator[str]:
    """PostgreSQL: the journal's triggers. They bind owners too; the purge runs with its owner's right to delete."""
    # `%%`: the driver reads the text as one with parameters. `SET search_path`: a function that runs with its owner's
    # rights must not find another schema's tables first.
    yield """
        CREATE OR REPLACE FUNCTION encours_journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the journal is only added to (%% on %%)', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION encours_journal_purged() RETURNS trigger LANGUAGE plpgsql
        SET search_path = "{schema}", pg_temp AS $$
        BEGIN
            IF NOT EXISTS ({_COVERING}) THEN
                RAISE EXCEPTION 'a payload of the journal goes by a purge only' USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN OLD;
        END $$"""
    yield f"""
        CREATE OR REPLACE FUNCTION encours_journal_purge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = "{schema}", pg_temp AS $$
        BEGIN
            {_PURGED};
            RETURN NULL;
        END $$"""
    refusals = {"audit_entry": "UPDATE OR DELETE", "audit_payload": "UPDATE", "audit_purge": "UPDATE OR DELETE"}
    for name, moves in refusals.items():
        yield (
            f"CREATE OR REPLACE TRIGGER {name}_only_grows BEFORE {moves} ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION encours_journal_only_grows()"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {name}_not_emptied BEFORE TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION encours_journal_only_grows()"
        )
    yield (
        "CREATE OR REPLACE TRIGGER audit_payload_purged BEFORE DELETE ON audit_payload "
        "FOR EACH ROW EXECUTE FUNCTION encours_journal_purged()"
    )
    yield (
        "CREATE OR REPLACE TRIGGER audit_purge_done AFTER INSERT ON audit_purge "
        "FOR EACH ROW EXECUTE FUNCTION encours_journal_purge()"
    )


#: In the triggers' words: a purge that names the link of a payload; what a purge deletes.
_COVERING = (
    "SELECT 1 FROM audit_purge p JOIN audit_entry e ON e.cabinet_id = p.cabinet_id AND e.seq BETWEEN p.first_seq "
    "AND p.last_seq WHERE e.cabinet_id = OLD.cabinet_id AND e.id = OLD.entry_id"
)
_PURGED = (
    "DELETE FROM audit_payload WHERE cabinet_id = NEW.cabinet_id AND entry_id IN (SELECT e.id FROM audit_entry e "
    "WHERE e.cabinet_id = NEW.cabinet_id AND e.seq BETWEEN NEW.first_seq AND NEW.last_seq)"
)
_SQLITE: dict[str, str] = {
    f"{name}_no_{move.lower()}": f"BEFORE {move} ON {name} BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END"
    for name, move in (
        ("audit_entry", "UPDATE"), ("audit_entry", "DELETE"), ("audit_payload", "UPDATE"), ("audit_purge", "UPDATE"),
        ("audit_purge", "DELETE"),
    )
}  # fmt: skip
_SQLITE["audit_payload_purged"] = (
    f"BEFORE DELETE ON audit_payload WHEN NOT EXISTS ({_COVERING}) "
    "BEGIN SELECT RAISE(ABORT, 'a payload of the journal goes by a purge only'); END"
)
_SQLITE["audit_purge_done"] = f"AFTER INSERT ON audit_purge BEGIN {_PURGED}; END"


def journal_sqlite() -> Iterator[str]:
    """SQLite: the journal's triggers."""
    for name, words in _SQLITE.items():
        yield f"CREATE TRIGGER IF NOT EXISTS {name} {words}"


def journal_sqlite_lowered() -> Iterator[str]:
    """SQLite: without its triggers, since a migration that copies a table cannot rename what a trigger speaks of."""
    for name in _SQLITE:
        yield f"DROP TRIGGER IF EXISTS {name}"
