"""The kit plays a partner by SAML: a cabinet of ours conforms as an identity provider (PLP-114 to PLP-120; PL-09, BL-01)."""

from __future__ import annotations

import pytest

from plp_conform import judging
from plp_conform import runner
from plp_conform.model import SAML_SP
from plp_conform.model import Verdict
from plp_conform.runner import Run
from plp_conform.target import Target
from tests.conform import cabinet
from tests.stage import Stage

#: What is the same under every binding was tried by `test_platform`; here what a launch needs, and what came by it.
CHAPTERS = ("saml.", "launch.", "hook.applied", "hook.triple", "sheet.shape", "convention.handle")


@pytest.fixture(scope="module")
def target(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Target:
    """A new cabinet that has the kit's sheet, whose binding is saml2-sp."""
    return cabinet.target(stage, tmp_path_factory.mktemp("kit"), "conformite-saml", {"binding": SAML_SP})


@pytest.fixture(scope="module")
def run(target: Target) -> Run:
    """It joins the kit's partner, to the code on the PDF."""
    known = {check.name for check in runner.checks(target.side)}
    return runner.run(target, [name for name in CHAPTERS if name.endswith(".") or name in known])


def test_every_check_passes(run: Run) -> None:
    """Each of Annex A, each launch; those of the other binding are «non concerné», never good."""
    found = {result.check.name: (result.verdict, result.why) for result in run.results}
    wrong = {name: why for name, why in found.items() if why[0] not in (Verdict.CONFORMS, Verdict.NOT_CONCERNED)}
    assert wrong == {}
    other = {name for name, (verdict, _) in found.items() if verdict is Verdict.NOT_CONCERNED}
    assert {"launch.code", "launch.parameters", "saml.idp"} <= other
    assert not {name for name in other if name.startswith("saml.")} - {"saml.idp"}


def test_the_lines_of_annex_a(run: Run) -> None:
    """All but the unsolicited binding, which the kit does not try."""
    found = {line.requirement.id: line.verdict for line in judging.lines(run)}
    annex = {f"PLP-{number}": found[f"PLP-{number}"] for number in range(114, 121)}
    assert annex.pop("PLP-116") is Verdict.NOT_CONCERNED
    assert set(annex.values()) == {Verdict.CONFORMS}
    assert found["PLP-072"] is Verdict.NOT_CONCERNED
