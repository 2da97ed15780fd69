"""The kit plays a platform: the simulated extranet conforms as a partner (PL-09, BL-15)."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import pytest

from plp_conform import judging
from plp_conform import report
from plp_conform import runner
from plp_conform.driving import Drive
from plp_conform.model import Side
from plp_conform.model import Verdict
from plp_conform.runner import Run
from plp_conform.trial import Unverified
from tests.conform.extranet import TOKEN
from tests.conform.extranet import Extranet


@pytest.fixture(scope="module")
def run(extranet: Extranet) -> Run:
    """The whole of it."""
    return runner.run(extranet.target())


def test_every_check_passes(run: Run) -> None:
    """Core, Launch, Feedback, Hostile; nothing is left untried; what catches a planted bug passes on the true extranet."""
    other = {result.check.name for result in run.results if result.verdict is Verdict.NOT_CONCERNED}
    assert {name.partition(".")[0] for name in other} == {"saml"}, "nothing but the other binding's"
    tried = [result for result in run.results if result.check.name not in other]
    assert {result.check.name: result.why for result in tried if result.verdict is not Verdict.CONFORMS} == {}
    assert judging.exit_code(run) == judging.CONFORMS


def test_its_levels(run: Run) -> None:
    """All four; what never shows on the wire is no part of them."""
    found = judging.lines(run)
    assert {level.verdict for level in judging.levels(found)} == {Verdict.CONFORMS}
    assert [line.requirement.id for line in found if line.verdict is Verdict.OUTSIDE] == ["PLP-112"]
    other = [line.requirement.id for line in found if line.verdict is Verdict.NOT_CONCERNED]
    assert other == [f"PLP-{number}" for number in range(114, 122)], "Annex A, under another binding: never counted as good"


def test_the_json_report(run: Run) -> None:
    """Each line that binds a partner, each check, what was sent, what came, what was due; no signed token, no secret."""
    text = report.as_json(run)
    document = json.loads(text)
    assert (document["checked"], document["exit_code"], document["partial"]) == ("partner", judging.CONFORMS, False)
    assert len(document["checks"]) == len(runner.checks(Side.PARTNER))
    assert {one["id"] for one in document["requirements"]} == {line.requirement.id for line in judging.lines(run)}
    assert all(one["steps"] for one in document["checks"] if one["verdict"] != Verdict.NOT_CONCERNED)
    [outside] = [one for one in document["requirements"] if one["verdict"] == Verdict.OUTSIDE]
    assert (outside["id"], bool(outside["not_shown"])) == ("PLP-112", True)
    assert "whsec_" not in text.replace("whsec_ et 32", "")
    assert re.findall(r"eyJ[\w-]{16,}", text) == [], "the first letters of a token at most"


def test_the_html_report(run: Run, extranet: Extranet) -> None:
    """One file, French, without script or outside address; what is wrong comes first."""
    page = report.as_html(run)
    assert '<html lang="fr">' in page
    assert "<script" not in page
    assert 'src="' not in page
    assert "Écarts" not in page
    assert "saml2-idp" in page
    assert page.count("non concerné") >= 8, "the lines of Annex A, under this binding"
    wrong = {**extranet.sheet, "base_url": f"{extranet.site}/plp/v1/", "name": "<b>Autre</b>"}
    target = extranet.target()
    failed = report.as_html(runner.run(type(target)(target.side, wrong, name=wrong["name"]), ["convention.base-url"]))
    assert failed.index("Écarts</h2>") < failed.index("Exigences</h2>") < failed.index("Essais</h2>")
    assert "<b>Autre</b>" not in failed


def test_what_cannot_be_driven_is_not_green(extranet: Extranet) -> None:
    """Without a test interface only the sheet and what is public are judged; all else is «non vérifié», exit code 3."""
    run = runner.run(extranet.target(drive=Drive()))
    tried = {result.check.name for result in run.results if result.verdict is Verdict.CONFORMS}
    assert tried == {"sheet.shape", "sheet.origins", "keys.jwks", "keys.jwks-cache", "convention.base-url", "convention.codes"}
    assert {result.verdict for result in run.results} == {Verdict.CONFORMS, Verdict.UNVERIFIED, Verdict.NOT_CONCERNED}
    assert judging.exit_code(run) == judging.INCOMPLETE
    assert {level.verdict for level in judging.levels(judging.lines(run))} == {Verdict.UNVERIFIED}


def test_a_way_that_fails_is_not_green_either(extranet: Extranet) -> None:
    """A command that does not work, an interface that refuses: said in French, with the command's own words."""
    commands: dict[str, Any] = {"register": ["sh", "-c", "echo pas de base >&2; exit 3"]}
    [result] = runner.run(extranet.target(drive=Drive(commands=commands)), ["request.right"]).results
    assert (result.verdict, "a rendu 3" in result.why, "pas de base" in result.why) == (Verdict.UNVERIFIED, True, True)
    drive = Drive(f"{extranet.site}/_sim", "un-autre-jeton")
    [result] = runner.run(extranet.target(drive=drive), ["request.right"]).results
    assert (result.verdict, "HTTP 404" in result.why) == (Verdict.UNVERIFIED, True)
    with pytest.raises(Unverified):
        Drive("http://127.0.0.1:1", without=["clock"]).do("clock", offset_s=1)


def test_who_answers_nothing_fails(extranet: Extranet) -> None:
    """A partner that is away does not conform: no run ends on it."""
    target = extranet.target()
    away = {**target.sheet, "jwks_uri": "http://127.0.0.1:1/jwks.json"}
    [result] = runner.run(type(target)(target.side, away), ["keys.jwks-cache"]).results
    assert (result.verdict, "aucune réponse" in result.why) == (Verdict.FAILS, True)


def test_an_operation_is_done_by_a_command(extranet: Extranet) -> None:
    """Words of the target file, filled with the values; all of them as JSON on its input."""
    script = (
        "import json, sys, urllib.request as web\n"
        "given = json.load(sys.stdin)\n"
        "body = json.dumps({'code': given['code']}).encode()\n"
        "url = sys.argv[1] + '/mandates/' + sys.argv[2] + '/activate'\n"
        "web.urlopen(web.Request(url, body, {'X-Sim-Token': sys.argv[3]}, method='POST'))\n"
    )
    commands = {
        "activate": [
            sys.executable,
            "-c",
            script.replace("{", "{{").replace("}", "}}"),
            f"{extranet.site}/_sim",
            "{mandate}",
            TOKEN,
        ]
    }
    drive = Drive(f"{extranet.site}/_sim", TOKEN, commands)
    [result] = runner.run(extranet.target(drive=drive), ["code.view"]).results
    assert result.verdict is Verdict.CONFORMS, result.why
