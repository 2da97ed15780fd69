"""`encours import FILE`: the wizard's steps in one command, for a file whose heads are known (AC-02)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy import func
from sqlalchemy import select

from core.app import create_app
from core.cabinets import audit
from core.cabinets import services as cabinets
from core.cabinets.models import User
from core.cli.accounts import cabinet_id
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks import telling
from core.hooks.types import Adviser
from core.imports import report
from core.imports import services
from core.imports import states
from core.imports import targets
from core.imports import work


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cabinet", "slug", required=True, help="Identifiant du cabinet.")
@click.option("--as", "target", required=True, help="Ce que sont les lignes, par exemple contacts ou accounts.")
@click.option("--user", "email", help="E-mail de la personne qui importe et suit les fiches ; sans elle, personne.")
@click.option("--source", default="", help="Nom d'une source déjà associée.")
@click.option("--known", type=click.Choice(list(services.CHOICES["known"])), help="Quand la fiche existe déjà.")
@click.option("--near", type=click.Choice(list(services.CHOICES["near"])), help="Quand une fiche ressemble.")
@click.option("--fill", type=click.Choice(list(services.CHOICES["fill"])), help="Ce qu'une mise à jour remplace.")
@click.option("--tick", "ticks", multiple=True, help="Une case de l'assistant à cocher, par son nom ; peut se répéter.")
@click.option(
    "--set", "told", multiple=True, metavar="CHAMP=VALEUR", help="La valeur d'un champ que les lignes ne disent pas ; répétable."
)
@click.option(
    "--report", "rejected", type=click.Path(dir_okay=False, path_type=Path), help="Où écrire les lignes non importées (CSV)."
)
@click.option("--check", is_flag=True, help="Compte sans rien écrire.")
def import_command(
    file: Path, slug: str, target: str, email: str | None, source: str, known: str | None, near: str | None, fill: str | None,
    ticks: tuple[str, ...], told: tuple[str, ...], rejected: Path | None, check: bool,
) -> None:  # fmt: skip
    """Importe un fichier CSV, Excel ou vCard."""
    create_app()
    cabinet = cabinet_id(slug)
    found = services.opened(file.name, file.read_bytes())
    with audit.came_by("commande d'exploitation"):
        with db.session(cabinet) as session:
            by = _by(session, email)
            enabled = context.make(session, telling.hub().registry).enabled
            asked = targets.find(target, enabled, by if isinstance(by, Adviser) else None)
            row = services.receive(session, by, asked, found)
            rules: dict[str, Any] = {"known": known, "near": near, "fill": fill}
            rules |= _told(asked, told) | {"ticks": _ticked(asked, ticks)}
            services.choose(session, by, row.id, asked, row.settings["mapping"], rules, source=source)
            import_id = row.id
        work.carry(cabinet, {"import": import_id, "work": "check"})
        if check:
            _say(cabinet, by, import_id)
            return
        with db.session(cabinet) as session:
            services.begin(session, by, import_id)
        work.carry(cabinet, {"import": import_id, "work": "run"})
    _say(cabinet, by, import_id)
    if rejected is not None:
        with db.session(cabinet, write=False) as session, report.written(session, services.get(session, by, import_id)) as lines:
            rejected.write_bytes(lines.read())
        click.echo(f"Lignes non importées : {rejected}")


def _told(asked: targets.Known, told: tuple[str, ...]) -> dict[str, Any]:
    found = dict(one.partition("=")[::2] for one in told)
    if wrong := found.keys() - {one.key for one in asked.target.fields if one.constant}:
        raise DomainError(f"Aucune valeur commune à toutes les lignes n'est prévue pour : {', '.join(sorted(wrong))}.")
    return found


def _ticked(asked: targets.Known, ticks: tuple[str, ...]) -> list[str]:
    if wrong := set(ticks) - asked.target.ticks.keys():
        raise DomainError(f"Case inconnue : {', '.join(sorted(wrong))}. Connues : {', '.join(asked.target.ticks) or 'aucune'}.")
    return list(ticks)


def _by(session: TenantSession, email: str | None) -> Adviser | str:
    if email is None:
        return "cli"
    user_id = session.scalar(
        select(User.id).where(User.cabinet_id == session.require_cabinet(), func.lower(User.email) == email.strip().lower())
    )
    found = cabinets.principals(session, [user_id]) if user_id else {}
    if not found or user_id is None:
        raise NotFound(f"Aucune personne active du cabinet n'a l'adresse «{email}».")
    return found[user_id]


def _say(cabinet: int, by: Adviser | str, import_id: str) -> None:
    with db.session(cabinet, write=False) as session:
        row = services.get(session, by, import_id)
        counts = row.tally.get("counts", {}) if row.state in states.OPEN else row.tally
        words = states.EXPECTED if row.state in states.OPEN else states.DONE
        if row.trouble:
            raise DomainError(row.trouble)
    said = ", ".join(f"{label.lower()} {counts.get(key, 0)}" for key, label in words.items())
    click.echo(f"{row.id} : {row.count} lignes, {said}.")
