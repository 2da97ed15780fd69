"""`encours plugin check`: the conformance kit, on a throwaway database; the installation's own is not opened."""

from __future__ import annotations

import json
import sys

import click

from core.db.errors import DomainError


@click.command("check")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Écrit le rapport en JSON.")
@click.option("--record", is_flag=True, help="Écrit aussi le niveau dans quality.json, à côté de quality.toml.")
def check(name: str, as_json: bool, record: bool) -> None:
    """Dit si un module installé est conforme, et de quel niveau ; code de sortie 1 s'il y a un écart."""
    from core.testing import conformance  # what only this command needs
    from core.testing.conformance import quality
    from core.testing.conformance.subject import find

    report = conformance.check(name)
    click.echo(json.dumps(report.data(), ensure_ascii=False, indent=1) if as_json else report.text())
    if record:
        subject = find(name)
        if subject.folder is None:
            raise DomainError(f"«{name}» n'est pas installé : rien n'est écrit.")
        quality.record(subject, report)
    sys.stdout.flush()
    sys.exit(0 if report.sound else 1)
