"""`encours plugin check`: the conformance kit, on a throwaway database; the installation's own is not opened."""

from __future__ import annotations

import json
import os
import sys

import click

from core.db.errors import DomainError


@click.command("check")
@click.argument("name")
@click.option("--rule", "rules", multiple=True, metavar="RÈGLE", help="N'essaie que cette règle ; peut se répéter.")
@click.option("--json", "as_json", is_flag=True, help="Écrit le rapport en JSON.")
@click.option("--record", is_flag=True, help="Écrit aussi le niveau dans quality.json, à côté de quality.toml.")
def check(name: str, rules: tuple[str, ...], as_json: bool, record: bool) -> None:
    """Dit si un module installé est conforme, et de quel niveau ; code de sortie 1 s'il y a un écart."""
    from core.testing import conformance  # what only this command needs
    from core.testing.conformance import quality
    from core.testing.conformance.subject import find

    known = [rule.code for rule in conformance.RULES]
    if unknown := sorted(set(rules) - set(known)):
        raise DomainError(f"Règle inconnue : {', '.join(unknown)}. Il y a : {', '.join(known)}.")
    report = conformance.check(name, only=rules)
    click.echo(json.dumps(report.data(), ensure_ascii=False, indent=1) if as_json else report.text())
    if record and not rules:
        subject = find(name)
        if subject.folder is None:
            raise DomainError(f"«{name}» n'est pas installé : rien n'est écrit.")
        quality.record(subject, report)
    sys.stdout.flush()
    # not sys.exit: a thread of the plugin's that sleeps would be waited for
    os._exit(0 if report.sound else 1)
