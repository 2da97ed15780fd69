"""`encours verify-proof`: neither database nor cabinet is needed."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.proofs import checking


@click.command("verify-proof")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_proof(file: Path) -> None:
    """Vérifie un dossier de preuve, hors ligne ; code de sortie 1 s'il a été modifié, 2 si ce n'en est pas un."""
    try:
        found = checking.verify(file)
    except (checking.NoProof, OSError) as error:
        click.echo(f"{file.name} : {error}.", err=True)
        sys.exit(2)
    said = found.said
    click.echo(f"{said['contact']['name']}, dossier {said['contact']['file_code']} ; {said['cabinet']['name']}")
    click.echo(f"Fait le {said['made_at']} par {said['made_by']}, {said['software']}.")
    click.echo(f"Certificat du cabinet, SHA-256 : {said['certificate_sha256']}")
    purged = f", dont {found.purged} au contenu expurgé" if found.purged else ""
    click.echo(
        f"{found.files} fichiers, {len(said['documents'])} documents, {found.entries} entrées de journal{purged}, "
        f"{found.sealed} documents cachetés vérifiés."
    )
    for fault in found.faults:
        click.echo(f"  {fault}")
    click.echo("Dossier altéré ou incomplet." if found.faults else "Dossier intact.")
    sys.exit(1 if found.faults else 0)
