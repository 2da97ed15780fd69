# ruff: noqa: S608 - our own tables' names
"""A PostgreSQL cluster of the suite's own: a folder, a socket in it, no port, nothing left behind."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

#: Root may not run PostgreSQL: this user of the system package does.
SERVER_USER = "postgres"
#: The cluster's own superuser: the tests' hand below all walls.
SUPER = "encours"
#: The two roles, made by the very SQL of docs/operator.md.
OWNER, APP = "encours_owner", "encours_app"
ROLES = Path(__file__).parent.parent.parent / "docs" / "operator.md"
#: Nothing of it is to survive: no waiting for the disk. Enough connections for threads that race.
SETTINGS = {
    "listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_connections": "120", "deadlock_timeout": "300ms", "lc_messages": "C", "timezone": "America/New_York",
}  # fmt: skip


class Cluster:
    """Started once for the session; each test takes a new database, cut from a template."""

    def __init__(self) -> None:
        # The path of a socket is short by law: not in pytest's deep folders.
        self.folder = Path(tempfile.mkdtemp(prefix="enc-pg-"))
        self._made = 0
        if os.geteuid() == 0:
            shutil.chown(self.folder, SERVER_USER, SERVER_USER)
        user = SERVER_USER if os.geteuid() == 0 else ""
        keeper = [sys.executable, str(Path(__file__).with_name("keeper.py")), str(self.folder), str(binaries()), user]
        # Of a session of its own: what ends the suite, Ctrl-C too, does not end it.
        self._keeper = subprocess.Popen(keeper, stdin=subprocess.PIPE, start_new_session=True)

    def start(self) -> Cluster:
        """Make the cluster and wait until it answers."""
        data = self.folder / "data"
        # French order of words, as an operator's machine has it: what must be ordered by bytes has to say so itself.
        order = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr-FR")
        self._run("initdb", "-D", str(data), "-U", SUPER, "-A", "trust", "-E", "UTF8", *order, "--no-sync")
        options = " ".join(f"-c {name}={value!r}" for name, value in SETTINGS.items())
        self._run(
            "pg_ctl", "-D", str(data), "-w", "-l", str(self.folder / "log"), "-o", f"-k {self.folder} {options}", "start"
        )
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            for statement in roles_sql():
                connection.execute(statement)
        return self

    def stop(self) -> None:
        """End it and remove its folder."""
        self._keeper.communicate()

    def url(self, database: str, role: str = APP) -> str:
        """The address as ENCOURS_DATABASE_URL and ENCOURS_OWNER_URL take it."""
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def dsn(self, database: str, role: str = SUPER) -> str:
        """The address as psycopg takes it: what the tests do beside the product."""
        return f"host={self.folder} user={role} dbname={database}"

    def create(self, template: str | None = None) -> str:
        """A new database, empty or like another one; its name."""
        self._made += 1
        name = f"essai_{self._made}"
        of = ["-T", template] if template else []
        self._run("createdb", "-h", str(self.folder), "-U", SUPER, "-O", OWNER, *of, name)
        return name

    def keep(self, name: str, schema: str = "kept") -> None:
        """Remember a database's rows, for `renew`, in a schema beside."""
        with psycopg.connect(self.dsn(name), autocommit=True) as connection:
            orders = [f"DROP SCHEMA IF EXISTS {schema} CASCADE", f"CREATE SCHEMA {schema}"]
            for table in _tables(connection):  # the empty ones are left out: there is nothing to put back
                if connection.execute(f'SELECT 1 FROM public."{table}" LIMIT 1'.encode()).fetchone():
                    orders.append(f'CREATE TABLE {schema}."{table}" AS TABLE public."{table}"')
            connection.execute(";".join(orders).encode())

    def renew(self, name: str, schema: str = "kept") -> None:
        """Put its rows back: tens of milliseconds, where a new database takes most of a second."""
        with psycopg.connect(self.dsn(name)) as connection:
            connection.execute("SET session_replication_role = replica")  # no triggers, no foreign keys meanwhile
            connection.execute("SET lock_timeout = '20s'")
            filled = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", (schema,)).fetchall()
            orders = [f'DELETE FROM public."{table}"' for table in _tables(connection)]
            orders += [f'INSERT INTO public."{table}" SELECT * FROM {schema}."{table}"' for (table,) in filled]
            orders.append("SELECT setval('cabinet_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM cabinet), false)")
            connection.execute(";".join(orders).encode())

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run("dropdb", "-h", str(self.folder), "-U", SUPER, "--force", "--if-exists", name)

    def _run(self, program: str, *words: str) -> None:
        as_user: dict[str, object] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(SERVER_USER)
            as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        # The server would inherit a pipe and hold it open: what is said goes to a file.
        with (self.folder / "said").open("w+", encoding="utf-8") as said:
            done = subprocess.run(
                [str(binaries() / program), *words], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                check=False, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **as_user,
            )  # type: ignore[call-overload]  # fmt: skip
            said.seek(0)
            assert done.returncode == 0, f"{program}: {said.read()} {self._log()}"

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text("utf-8", errors="replace")[-3000:] if log.is_file() else ""


def _tables(connection: psycopg.Connection) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'alembic%'")
    return [row[0] for row in found]


def roles_sql() -> list[str]:
    """The operator's page's statements that make the two roles; the base itself is made for each test."""
    page = ROLES.read_text("utf-8")
    block = page.split("```sql\n")[1].split("```")[0]
    statements = [" ".join(part.split()) for part in re.sub(r"--.*", "", block).split(";") if part.strip()]
    made = [statement for statement in statements if statement.startswith("CREATE ROLE")]
    assert [statement.split()[2] for statement in made] == [OWNER, APP], made
    return made


def binaries() -> Path:
    """Where the server's programs are: Debian keeps them off the path, one folder a version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    assert folders, "PostgreSQL is not installed: `make test` installs it"
    return folders[-1].parent
