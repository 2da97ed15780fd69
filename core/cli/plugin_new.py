"""`encours plugin new`: a plugin that works, in a new folder, without network."""

from __future__ import annotations

import keyword
import re
from datetime import UTC
from datetime import datetime
from importlib.metadata import entry_points
from pathlib import Path
from string import Template

import click

from core.db.errors import DomainError
from core.db.model import Base
from core.hooks.registry import GROUP

TEMPLATES = Path(__file__).parent / "templates" / "plugin"
#: Kind → what it is, for the help.
KINDS = {"module": "une page, une table, un onglet du dossier", "partner": "un lien vers un partenaire qui parle PLP/1"}
NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
#: Template's path → path in the new folder; `{package}` and `{name}` are filled in. A path that is not named stays.
PLACES = {
    "package/templates/index.html": "{package}/templates/{name}/index.html",
    "package/migrations/0001_notes.py": "{package}/migrations/versions/0001_notes.py",
    "tests/test_name.py": "tests/test_{name}.py",
}


@click.command("new")
@click.argument("name")
@click.option("--kind", type=click.Choice(list(KINDS)), required=True, help="module ou partner (lien partenaire).")
def new(name: str, kind: str) -> None:
    """Écrit un nouveau module ou lien partenaire, avec ses tests, dans le dossier courant."""
    made = scaffold(Path.cwd(), name, kind)
    folder = made[0].parent
    click.echo(f"{len(made)} fichiers écrits dans {folder.name}/ :")
    for path in made:
        click.echo(f"  {path.relative_to(folder)}")
    click.echo(f"Ensuite : cd {folder.name} ; pip install -e . ; pytest ; encours plugin check {name}")


def scaffold(where: Path, name: str, kind: str) -> list[Path]:
    """Write the files; their paths, pyproject first. Raises `DomainError` for a name that will not do, a folder that is there."""
    _check(name)
    package = f"encours_{name}"
    folder = where / package
    if folder.exists():
        raise DomainError(f"{folder.name} existe déjà ici : rien n'est écrit. Choisissez un autre nom ou un autre dossier.")
    title = name.replace("_", " ").capitalize()
    words = {
        "name": name, "package": package, "title": title, "cls": "".join(part.capitalize() for part in name.split("_")),
        "dashed": name.replace("_", "-"), "badge": title[:1], "today": f"{datetime.now(UTC):%Y-%m-%d}",
    }  # fmt: skip
    source = TEMPLATES / kind
    made = []
    for path in sorted(source.rglob("*.tmpl"), key=lambda one: (one.name != "pyproject.toml.tmpl", one)):
        inside = str(path.relative_to(source)).removesuffix(".tmpl")
        placed = PLACES.get(inside, re.sub(r"^package/", "{package}/", inside)).format(package=package, name=name)
        target = folder / placed
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(path.read_text("utf-8")).substitute(words), "utf-8")
        made.append(target)
    return made


def _check(name: str) -> None:
    if not NAME.fullmatch(name) or keyword.iskeyword(name) or name.endswith("_") or "__" in name:
        raise DomainError(
            f"«{name}» ne convient pas : 2 à 30 caractères, minuscules sans accent, chiffres et tirets bas, "
            "une lettre au début, par exemple «carnet» ou «vie_plus»."
        )
    if name in {entry.name for entry in entry_points(group=GROUP)}:
        raise DomainError(f"Un module nommé «{name}» est déjà installé : choisissez un autre nom.")
    if any(table == name or table.startswith(f"{name}_") for table in Base.metadata.tables):
        raise DomainError(f"«{name}» ne convient pas : des tables d'Encours commencent par ce nom. Choisissez-en un autre.")
