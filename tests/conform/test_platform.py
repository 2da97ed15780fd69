"""The kit plays a partner: a cabinet of ours conforms as a platform (PL-05, PL-09, BL-01, BL-13, BL-14)."""

from __future__ import annotations

import pytest

from plp_conform import cli
from plp_conform import judging
from plp_conform import runner
from plp_conform.model import Verdict
from plp_conform.runner import Run
from plp_conform.target import Target
from tests.conform import cabinet
from tests.stage import Stage

#: Tried only where the target file asks for slow tries: it waits for the clock.
SLOW = {"capabilities.slow"}


@pytest.fixture(scope="module")
def target(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Target:
    """A new cabinet that has the kit's sheet."""
    return cabinet.target(stage, tmp_path_factory.mktemp("kit"))


@pytest.fixture(scope="module")
def run(target: Target) -> Run:
    """It joins the kit's partner, to the code on the PDF; then all checks."""
    return runner.run(target)


def test_every_check_passes(run: Run) -> None:
    """Core, Launch, Feedback, Hostile."""
    found = {result.check.name: (result.verdict, result.why) for result in run.results}
    assert {name: why for name, (verdict, why) in found.items() if verdict is Verdict.FAILS} == {}
    assert {name for name, (verdict, _) in found.items() if verdict is Verdict.UNVERIFIED} == SLOW, found


def test_its_levels(run: Run) -> None:
    """All, but for the one line whose check waits for the clock."""
    found = judging.lines(run)
    assert [line.requirement.id for line in found if line.verdict is Verdict.UNVERIFIED] == ["PLP-108"]
    verdicts = {level.name: level.verdict for level in judging.levels(found)}
    assert verdicts.pop("Core") is Verdict.UNVERIFIED
    assert set(verdicts.values()) == {Verdict.CONFORMS}


def test_a_later_run_finds_the_mandate_active(run: Run, target: Target) -> None:
    """The key and the mandate are kept in `played.state`: what only joining shows is then «non vérifié»."""
    results = runner.run(target, ["code.wrong", "capabilities.request"]).results
    assert [result.verdict for result in results] == [Verdict.UNVERIFIED, Verdict.CONFORMS]
    assert "le mandat était déjà active" in results[0].why


def test_an_issuer_is_enough_for_what_is_public(run: Run, stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    """`plp-conform --as partner URL`: what is public passes, the rest is «non vérifié», nothing fails: exit code 3."""
    assert cli.main(["--as", "partner", f"{stage.web}/plp/demo"]) == judging.INCOMPLETE
    told = capsys.readouterr().out
    assert "✗" not in told
    assert "✓ discovery.document" in told
    assert "la fiche n'a pas webhook_secret" in told
