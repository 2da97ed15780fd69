"""Themes of third parties: found, checked, chosen, refused by name (PL-06; issue 4, «Bad input»)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.app import create_app
from core.cabinets import brand
from core.cli import cli
from core.extensions import db
from core.shell import letterhead
from core.themes import Themes
from core.themes import pieces
from core.themes import sheet
from core.themes.registry import load
from core.web import looks
from tests.conftest import add_people
from tests.conftest import make_config
from tests.contract.bancal import installed
from tests.contract.brise import HEAD
from tests.contract.brise import PNG
from tests.contract.brise import TOML
from tests.contract.brise import write
from tests.databases import ready

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
ESCAPE = "static/a.css"


def toml(**changes: str) -> str:
    """The theme's file with lines added under [light]."""
    lines = "".join(f"{key.replace('_', '-')} = {value}\n" for key, value in changes.items())
    return TOML.replace("[light]\n", f"[light]\n{lines}")


#: What is wrong → theme.toml, files → what the refusal names.
REFUSED: dict[str, tuple[str, dict[str, bytes | str], str]] = {
    "no TOML": ("name = ", {}, "theme.toml ne se lit pas"),
    "another name": (TOML.replace('"brise"', '"bise"'), {}, "diffèrent"),
    "of another version": (TOML.replace(">=1.0,<2", ">=2"), {}, "il demande l'API de thèmes >=2, celle-ci est la 1.0"),
    "no version": (TOML.replace('"1.2"', '"douze"'), {}, "douze"),
    "no author": (TOML.replace('author = "Atelier Exemple"\n', ""), {}, "«author» manque"),
    "an unknown key": (TOML.replace("density", 'css = "x"\ndensity'), {}, "«css» n'est pas prévu"),
    "an unknown face": (TOML.replace("density", 'font = "Comic"\ndensity'), {}, "«font» vaut inter ou system ou serif"),
    "an unknown token": (toml(colour='"#000000"'), {}, "«colour» n'est pas un jeton"),
    "a name for a colour": (toml(accent='"red"'), {}, "[light] accent : «red» n'est pas une couleur"),
    "out of its declaration": (toml(accent='"#000000; } body { display: none"'), {}, "n'est pas une couleur"),
    "a colour that fetches": (toml(accent='"url(https://x.example/a)"'), {}, "n'est pas une couleur"),
    "a colour that is seen through": (toml(surface='"#ffffff80"'), {}, "n'est pas une couleur"),
    "a length that is none": (TOML.replace('"2px"', '"calc(1px + 2px)"'), {}, "n'est pas une longueur"),
    "a length that hides": (TOML.replace('"2px"', '"400px"'), {}, "sort des bornes"),
    "a shadow that is none": (toml(shadow_1='"0 0 0 9px red"'), {}, "n'est pas une ombre"),
    "text that cannot be read": (toml(text_2='"#c9c9c9"'), {}, "clair : text-2 sur "),
    "a ring that is not seen": (toml(focus='"#f3efe6"'), {}, "clair : focus sur "),
    "a sheet": (TOML, {ESCAPE: ".e-bar { display: none }"}, "n'apporte pas de feuille de style"),
    "a sheet that imports": (TOML, {ESCAPE: "@import '../../x.css';"}, "«@import» y appelle un autre fichier"),
    "a sheet that fetches": (TOML, {ESCAPE: "a { b: url(//x) }"}, "y appelle un autre fichier"),
    "a program": (TOML, {"static/a.js": "alert(1)"}, "static/ ne contient que des images"),
    "a picture that is none": (TOML, {"static/a.png": "<html>"}, "n'est pas une image .png"),
    "a picture that is heavy": (TOML, {"static/a.png": PNG + bytes(300_000)}, "dépasse 300 Ko"),
    "a drawing that runs": (TOML, {"static/a.svg": SVG.replace("<path", "<script/><path")}, "<script"),
    "a drawing that fetches": (TOML, {"static/a.svg": SVG.replace("<path", '<use href="/x.svg#a"/><path')}, "autre fichier"),
    "an admin page": (TOML, {"templates/admin/page.html": "x"}, "templates/admin/page.html ne peut pas être remplacé"),
    "a page of ours": (TOML, {"templates/layout.html": "x"}, "ne peut pas être remplacé"),
    "a form": (TOML, {"templates/sign_in_panel.html": '<form action="//x"></form>'}, "l'élément <form>"),
    "a script": (TOML, {"templates/sign_in_panel.html": "<script>x</script>"}, "l'élément <script>"),
    "a script made of pieces": (TOML, {"templates/sign_in_panel.html": "<{{ 'script' }}>x</{{ 'script' }}>"}, "script"),
    "a handler": (TOML, {"templates/sign_in_panel.html": '<p onclick="x()">a</p>'}, "l'attribut onclick"),
    "a style": (TOML, {"templates/sign_in_panel.html": '<p style="x">a</p>'}, "l'attribut style"),
    "a link": (TOML, {"templates/sign_in_panel.html": '<a href="/x">a</a>'}, "l'élément <a>"),
    "a picture of elsewhere": (TOML, {"templates/sign_in_panel.html": '<img src="https://x.example/a.png" alt="">'}, "picture()"),
    "a picture outside": (TOML, {"templates/sign_in_panel.html": "{{ picture('../../x.png') }}"}, "sort du dossier"),
    "an absolute picture": (TOML, {"templates/sign_in_panel.html": "{{ picture('/etc/passwd') }}"}, "sort du dossier"),
    "an include": (TOML, {"templates/sign_in_panel.html": "{% include 'admin/page.html' %}"}, "«Include»"),
    "markup that is trusted": (TOML, {"templates/sign_in_panel.html": "{{ claim|safe }}"}, "le filtre «safe»"),
    "a way into Python": (TOML, {"templates/sign_in_panel.html": "{{ claim.__class__ }}"}, "«Getattr»"),
    "an element left open": (TOML, {"templates/sign_in_panel.html": "<div>x"}, "<div> n'est pas fermé"),
    "more ends than beginnings": (TOML, {"templates/sign_in_panel.html": "x</div></main>"}, "ne ferme rien"),
    "a template that is none": (TOML, {"templates/sign_in_panel.html": "{% if %}"}, "templates/sign_in_panel.html"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_theme_that_is_not_sound_is_refused_and_named(tmp_path: Path, what: str, caplog: pytest.LogCaptureFixture) -> None:
    """PL-06: refused at load by name and reason, told to the operator; the others stand."""
    text, files, named = REFUSED[what]
    write(tmp_path, toml=text, files=files)
    with installed(tmp_path):
        themes = Themes()
        themes.discover()
    (broken,) = themes.broken
    assert broken.name == "brise"
    assert named in broken.text, broken.text
    assert named in caplog.text
    assert set(themes.installed) == {"default", "ardoise"}


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    """Issue 4: a theme that escapes its folder, by a link to a file, to a folder, or as a link itself."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.png").write_bytes(PNG)
    for number, (name, target) in enumerate((("static/a.png", "secret/a.png"), ("static/b", "secret"), ("templates", "secret"))):
        site = tmp_path / str(number)
        package = write(site)
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).symlink_to(tmp_path / target)
        with installed(site):
            themes = Themes()
            themes.discover()
        assert "est un lien qui sort du dossier du thème" in themes.broken[0].text


def test_two_themes_of_one_name(tmp_path: Path) -> None:
    """Issue 4, «Bad input»: nobody takes ours; the stranger is told to go."""
    write(tmp_path, name="ardoise", toml=TOML.replace('"brise"', '"ardoise"'))
    with installed(tmp_path):
        themes = Themes()
        themes.discover()
    assert themes.of("ardoise").title == "Ardoise"
    assert "un autre thème porte déjà ce nom ; désinstallez «encours_theme_ardoise»" in themes.broken[0].text


def test_a_third_partys_theme_is_chosen(tmp_path: Path) -> None:
    """PL-06: installed by an entry point, nothing of it run; worn by a cabinet, its pictures served from its folder alone, its
    pieces in their places, what it leaves out ours."""
    files: dict[str, bytes | str] = {
        "static/mer.svg": SVG, "templates/statement_head.html": HEAD,
        "templates/sign_in_panel.html": '<img class="e-panel-picture" src="{{ picture(\'mer.svg\') }}" alt=""><p>{{ claim }}</p>',
    }  # fmt: skip
    package = write(tmp_path / "site", files=files)
    (package / "secret.txt").write_text("à personne", "utf-8")
    config = make_config(tmp_path)
    ready(config.database_url)
    with installed(tmp_path / "site"):
        app = create_app(config)
    themes: Themes = app.extensions["encours_themes"]
    theme = themes.of("brise")
    assert (theme.title, theme.light["surface"]) == ("Brise", themes.of(None).light["surface"])
    people = add_people(app.extensions["encours_hub"], "demo")
    with db.session(people.cabinet_id) as session:
        brand.change(session, "cli", theme="brise")
        head = letterhead.of(session, themes)
    client = app.test_client()
    version = sheet.version(theme)
    assert "--brand: #0b5f52" in client.get(f"/theme/brise/{version}/tokens.css").get_data(as_text=True)
    picture = client.get(f"/theme/brise/{version}/mer.svg")
    assert picture.mimetype == "image/svg+xml"
    picture.close()
    for path in ("../secret.txt", "../__init__.py", "..%2ftheme.toml", "%2e%2e/theme.toml", "../theme.toml"):
        assert client.get(f"/theme/brise/{version}/{path}").status_code == 404, path
    for name in ("..", "absent", "brise%2f.."):
        assert client.get(f"/theme/{name}/{version}/tokens.css").status_code == 404
    made = letterhead.page(head, title="Relevé", on="25/11/2026", body=pieces.Markup("<p>corps</p>"))
    assert "relevé de Brise du 25/11/2026" in made
    with app.test_request_context():
        said = {"claim": "<b>", "sentence": "", "cabinet": ""}
        panel = pieces.shown(theme, "sign_in_panel.html", said, lambda one: looks.address(theme, one))
    assert panel is not None
    assert re.search(r'src="/theme/brise/[0-9a-f]{12}/mer\.svg"', panel)
    assert "<p>&lt;b&gt;</p>" in panel
    app.extensions["encours_hub"].close()
    db.close()


def test_an_author_checks_his_theme_before_he_ships_it(tmp_path: Path) -> None:
    """PL-06: `encours theme check FOLDER` says what is wrong, or that nothing is; `list` names the installed and the refused."""
    sound, faulty = write(tmp_path / "a"), write(tmp_path / "b", toml=toml(text_2='"#c9c9c9"'))
    run = CliRunner().invoke
    said = run(cli, ["theme", "check", str(sound)])
    assert said.exit_code == 0, said.output
    assert "Brise 1.2" in said.output
    said = run(cli, ["theme", "check", str(faulty)])
    assert said.exit_code == 1
    assert "clair : text-2 sur" in said.output
    with installed(tmp_path / "b"):
        said = run(cli, ["theme", "list"])
    assert "ardoise" in said.output
    assert "brise" in said.output
    assert "refusé" in said.output


def test_the_reference_is_as_the_code_is() -> None:
    """PL-06: docs/themes.md names every token, pair, face and piece, made from the tables that the checks read."""
    done = subprocess.run([sys.executable, "scripts/themes_reference.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_bundled_themes_are_sound_and_differ() -> None:
    """PL-06: two at least; nearly every token of the second is its own, in light and in dark."""
    themes = Themes()
    themes.discover()
    assert not themes.broken
    ours, second = themes.of("default"), themes.of("ardoise")
    for mode in ("light", "dark"):
        same = [name for name, value in second.mode(mode).items() if ours.mode(mode).get(name) == value]
        assert len(same) <= 3, same
    assert second.density != ours.density
    assert second.scale["r-3"] != ours.scale["r-3"]
    assert load("ardoise", second.root, ours).pieces == {"sign_in_panel.html"}
