"""`plp-conform` as a partner's or a platform's people run it: target files, exit codes, reports (PL-09)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from plp_conform import cli
from plp_conform import shapes
from plp_conform import target as targets
from plp_conform.driving import WORDS
from tests.conform.extranet import BOOK
from tests.conform.extranet import TOKEN
from tests.conform.extranet import Extranet

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def target(extranet: Extranet, tmp_path: Path) -> Path:
    """As docs/protocol/conformance.md shows it."""
    (tmp_path / "partner.json").write_text(json.dumps(extranet.sheet), "utf-8")
    book = "\n".join(f'{name} = "{value}"' for name, value in BOOK.items())
    file = tmp_path / "cible.toml"
    file.write_text(
        f'kind = "partner"\nsheet = "partner.json"\n[drive]\nsim = "{extranet.site}/_sim"\ntoken = "{TOKEN}"\n[book]\n{book}\n'
    )
    return file


def test_it_is_a_program_of_its_own(target: Path) -> None:
    """It runs with core and plugins made unimportable; exit code 0, one line a check, the levels at the end."""
    code = (
        "import sys\nsys.modules['core'] = sys.modules['plugins'] = None\nfrom plp_conform.cli import main\n"
        f"sys.exit(main(['--as', 'platform', {str(target)!r}, '--only', 'request.right', '--only', 'keys.']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ request.right\u202f: Une demande juste est prise (PLP-022, PLP-024)" in done.stdout
    assert "Core\u202f: non vérifié" in done.stdout, "a part of the checks says nothing of a level"


def test_the_reports_are_written(target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON and HTML; a requirement's name chooses its checks; 1 where one fails."""
    sheet = json.loads((tmp_path / "partner.json").read_text("utf-8"))
    (tmp_path / "partner.json").write_text(json.dumps({**sheet, "base_url": sheet["base_url"] + "/"}), "utf-8")
    words = ["--as", "platform", str(target), "--only", "PLP-001", "--quiet"]
    code = cli.main([*words, "--json", str(tmp_path / "r.json"), "--html", str(tmp_path / "r.html")])
    assert code == 1
    document = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert [one["name"] for one in document["checks"]] == ["convention.base-url"]
    assert document["partial"] is True
    assert "Essais choisis" in (tmp_path / "r.html").read_text("utf-8")
    assert "✗" not in capsys.readouterr().out


def test_a_sheets_address_is_enough_for_what_is_public(
    extranet: Extranet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3: what needs driving is «non vérifié»."""
    file = tmp_path / "seule.toml"
    (tmp_path / "partner.json").write_text(json.dumps(extranet.sheet), "utf-8")
    file.write_text('kind = "partner"\nsheet = "partner.json"\n')
    assert cli.main(["--as", "platform", str(file), "--only", "keys.jwks", "--only", "request.right"]) == 3
    assert "le fichier cible ne donne pas book.broker_code" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as", "platform"], "il manque le fichier cible"),
        (["--as", "platform", "nulle-part.toml"], "illisible"),
        (["--as", "partner", "{target}"], "décrit une partie «\u202fpartner\u202f»"),
        (["--as", "platform", "{target}", "--only", "rien.de.tel"], "aucun essai ne s'appelle ainsi\u202f: rien.de.tel"),
        (["--as", "partner", "{target}", "--sheet"], "played.port et played.state"),
        (["--as", "platform", "{target}", "--sheet"], "--sheet va avec --as partner"),
        (["--as", "platform", "{bad}"], "membres inconnus\u202f: commands"),
        (["--as", "platform", "{kind}"], "kind doit valoir"),
        (["--as", "partner", "{binding}", "--sheet"], "played.binding vaut oidc-code ou saml2-sp"),
        (["--as", "platform", "http://127.0.0.1:1/fiche.json"], "127.0.0.1:1"),
    ],
)
def test_bad_input_is_said_in_french(
    target: Path, tmp_path: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, one line on the error output, never a stack."""
    (tmp_path / "bad.toml").write_text('kind = "partner"\nsheet = "partner.json"\n[commands]\nx = 1\n')
    (tmp_path / "kind.toml").write_text('kind = "banque"\n')
    binding = 'kind = "platform"\n[played]\nport = 1\nstate = "x"\nbinding = "saml2-idp"\n'
    (tmp_path / "binding.toml").write_text(binding)
    names = ("bad", "binding", "kind")
    places = {"{target}": str(target), **{f"{{{name}}}": str(tmp_path / f"{name}.toml") for name in names}}
    assert cli.main([places.get(word, word) for word in words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.startswith("plp-conform\u202f: ")
    assert len(told.splitlines()) == 1


def test_the_list_and_the_played_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What there is to try, without trying it; the partner's sheet before the platform has one, the same key again."""
    assert cli.main(["--as", "partner", "--list"]) == 0
    assert "token.once" in capsys.readouterr().out
    file = tmp_path / "plateforme.toml"
    file.write_text(f'kind = "platform"\n[played]\nport = 8099\nstate = "{tmp_path}/etat.json"\n')
    sheets = []
    for _ in range(2):
        assert cli.main(["--as", "partner", str(file), "--sheet"]) == 0
        sheets.append(json.loads(capsys.readouterr().out))
    assert sheets[0] == sheets[1]
    assert sheets[0]["base_url"] == "http://127.0.0.1:8099/plp/v1"
    assert (tmp_path / "etat.json").stat().st_mode & 0o077 == 0


def test_the_played_sheet_by_saml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """PLP-114: the same certificates in a later run, whose keys are kept beside; no member of OpenID Connect."""
    file, state = tmp_path / "plateforme.toml", tmp_path / "etat.json"
    file.write_text(f'kind = "platform"\n[played]\nport = 8098\nstate = "{state}"\nbinding = "saml2-sp"\n')
    sheets = []
    for _ in range(2):
        assert cli.main(["--as", "partner", str(file), "--sheet"]) == 0
        sheets.append(json.loads(capsys.readouterr().out))
    assert sheets[0] == sheets[1]
    assert shapes.faults("PartnerSheet", sheets[0]) == []
    assert (sheets[0]["binding"], sheets[0]["initiate_login_uri"]) == ("saml2-sp", None)
    assert "PRIVATE KEY" in state.read_text("utf-8")
    assert state.stat().st_mode & 0o077 == 0


def test_the_guides_target_files_are_read(extranet: Extranet, tmp_path: Path) -> None:
    """docs/protocol/conformance.md: copied as they stand, the two files are taken."""
    guide = (ROOT / "docs" / "protocol" / "conformance.md").read_text("utf-8")
    files = [textwrap.dedent(block) for block in re.findall(r"```toml\n(.*?)```", guide, re.S)]
    assert len(files) == 2
    (tmp_path / "partner.json").write_text(json.dumps(extranet.sheet), "utf-8")
    (tmp_path / "platform.json").write_text('{"plp": 1, "kind": "platform"}', "utf-8")
    for number, text in enumerate(files):
        (tmp_path / f"{number}.toml").write_text(text, "utf-8")
    partner, platform = (targets.read(tmp_path / f"{number}.toml") for number in range(2))
    assert dict(partner.book) == BOOK
    assert partner.drive.token == TOKEN
    assert {"sign_in", "acts", "launch", "fields"} <= set(platform.pages)
    assert targets.played(tmp_path / "1.toml")["port"] == 8091
    listed = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in guide.splitlines() if line.startswith("| `"))))
    assert listed == set(WORDS), "each operation is in the guide's table"
