"""The command: `plp-conform --as partner|platform TARGET…`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from plp_conform import VERSION
from plp_conform import judging
from plp_conform import runner
from plp_conform import target as targets
from plp_conform.calling import Away
from plp_conform.model import Result
from plp_conform.model import Side
from plp_conform.model import Verdict
from plp_conform.requirements import REQUIREMENTS

#: Who is played → who is checked.
_CHECKED = {"partner": Side.PLATFORM, "platform": Side.PARTNER}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 conforms, 1 does not, 2 the target cannot be used, 3 something could not be tried."""
    given = _parser().parse_args(arguments)
    if find_spec("jsonschema") is None:
        print("plp-conform\u202f: il manque jsonschema\u202f: pip install 'encours[conform]'", file=sys.stderr)
        return judging.USAGE
    side = _CHECKED[given.played]
    try:
        if given.list:
            return _list(side)
        if given.sheet:
            return _sheet(given.targets, side)
        if not given.targets:
            raise targets.BadTarget("il manque le fichier cible, ou l'adresse de la partie vérifiée")
        codes = [_run(text, side, given, number) for number, text in enumerate(given.targets, 1)]
    except targets.BadTarget as error:
        print(f"plp-conform\u202f: {error}", file=sys.stderr)
        return judging.USAGE
    except LookupError as error:
        print(f"plp-conform\u202f: aucun essai ne s'appelle ainsi\u202f: {error}", file=sys.stderr)
        return judging.USAGE
    return judging.FAILS if judging.FAILS in codes else max(codes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plp-conform", description="Vérifie une partie du lien PLP/1 en jouant l'autre.")
    parser.add_argument("targets", nargs="*", metavar="CIBLE", help="fichier cible (TOML ou JSON), ou adresse")
    parser.add_argument("--as", dest="played", required=True, choices=sorted(_CHECKED), help="la partie que le banc joue")
    parser.add_argument("--only", action="append", default=[], metavar="NOM", help="essai, début de nom (request.) ou exigence")
    parser.add_argument("--level", choices=("Core", "Launch", "Feedback", "Hostile"), help="les essais d'un niveau")
    parser.add_argument("--json", type=Path, metavar="FICHIER", help="rapport JSON")
    parser.add_argument("--html", type=Path, metavar="FICHIER", help="rapport HTML")
    parser.add_argument("--list", action="store_true", help="les essais, sans les faire")
    parser.add_argument("--sheet", action="store_true", help="imprime la fiche du partenaire joué (avec --as partner)")
    parser.add_argument("--quiet", action="store_true", help="le bilan seul")
    parser.add_argument("--version", action="version", version=VERSION)
    return parser


def _list(side: Side) -> int:
    for check in runner.checks(side):
        print(f"{check.name:32} {', '.join(check.ids):32} {check.title}")
    return judging.CONFORMS


def _sheet(files: Sequence[str], side: Side) -> int:
    """The kit's partner has a sheet before the platform has one; its key is kept in `played.state`."""
    if side is not Side.PLATFORM or len(files) != 1:
        raise targets.BadTarget("--sheet va avec --as partner et un fichier cible")
    from plp_conform.against_platform.partner import make_sheet

    print(json.dumps(make_sheet(targets.played(Path(files[0]))), ensure_ascii=False, indent=1))
    return judging.CONFORMS


def _run(text: str, side: Side, given: argparse.Namespace, number: int) -> int:
    try:
        target = targets.from_url(text, side) if text.startswith(("http://", "https://")) else targets.read(Path(text))
    except Away as error:
        raise targets.BadTarget(str(error)) from error
    if target.side is not side:
        raise targets.BadTarget(f"{text} décrit une partie «\u202f{target.side}\u202f»\u202f: avec --as, jouez l'autre")
    # Imported here: the report needs a template engine, the checks do not.
    from plp_conform import report

    only = [*given.only, *(_of_level(given.level) if given.level else ())]
    run = runner.run(target, only, told=None if given.quiet else _tell)
    for path, make in ((given.json, report.as_json), (given.html, report.as_html)):
        if path is not None:
            place = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
            place.write_text(make(run), "utf-8")
    print(report.as_text(run))
    return judging.exit_code(run)


def _of_level(level: str) -> list[str]:
    return [
        one.id for one in REQUIREMENTS.values() if one.level == level or (level == judging.HOSTILE and one.hostile)
    ]  # fmt: skip


def _tell(result: Result) -> None:
    if result.verdict is Verdict.NOT_CONCERNED:
        return
    sign = {Verdict.CONFORMS: "✓", Verdict.FAILS: "✗"}.get(result.verdict, "–")
    words = f"{sign} {result.check.name}\u202f: {result.check.title} ({', '.join(result.check.ids)})"
    print(words if not result.why else f"{words}\n    {result.verdict}\u202f: {result.why}", flush=True)
