"""The user's guide says what is there: its pictures exist and are ours, its words are those of the screens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from plugins.nomineo.products import PARTNER
from scripts.screenshot import GUIDE
from scripts.screenshot import PICTURES
from scripts.screenshot import WIDTH

ROOT = Path(__file__).parent.parent.parent
CHAPTERS = sorted((ROOT / "docs" / "guide").glob("[0-9]*.md"))
PICTURE = re.compile(r"!\[([^\]]*)\]\((images/[\w-]+\.png)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*", re.S)
#: A picture of a page, its colours counted: more would slow down whoever reads the guide on a phone.
MOST = 130_000
#: Signs that a button shows instead of words; a title that is made of the partner's name.
SIGNS = frozenset({"+", f"Activation {PARTNER.of_label}"})


def words_of_the_screens() -> str:
    """Every text that templates and views of the product hold."""
    files = [path for name in ("core", "plugins") for path in (ROOT / name).rglob("*") if path.suffix in (".html", ".py")]
    text = " ".join(path.read_text("utf-8") for path in files if "simulator" not in path.parts)
    return " ".join(text.replace("\\u202f", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_picture_exists_and_says_what_it_shows(chapter: Path) -> None:
    """Issue 3, «user guide»: taken by `make docs-images`, 1366 px wide, light to load, described for who cannot see it."""
    named = PICTURE.findall(chapter.read_text("utf-8"))
    assert named
    for words, path in named:
        file = chapter.parent / path
        assert file.is_file(), path
        with Image.open(file) as picture:
            assert picture.size[0] == WIDTH
        assert file.stat().st_size < MOST, (path, file.stat().st_size)
        assert len(words) > 25, (path, words)


def test_the_script_takes_the_pictures_of_the_guide_and_no_other() -> None:
    """A picture that nobody takes anew grows old; one that no page shows is weight."""
    shown = {Path(path).stem for chapter in CHAPTERS for _words, path in PICTURE.findall(chapter.read_text("utf-8"))}
    assert shown == set(PICTURES) == {path.stem for path in GUIDE.glob("*.png")}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_screen_and_button_named_is_on_a_screen(chapter: Path) -> None:
    """What stands in bold is read on a screen: a page renamed or taken away fails here."""
    screens = words_of_the_screens()
    named = {" ".join(words.split()) for words in BOLD.findall(chapter.read_text("utf-8"))} - SIGNS
    assert named
    assert [words for words in sorted(named) if not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", screens)] == []


def test_the_chapters_follow_one_another() -> None:
    """Each is in the table of contents; the README leads to it."""
    contents = (ROOT / "docs" / "guide" / "README.md").read_text("utf-8")
    assert [path.name for path in CHAPTERS] == re.findall(r"\]\((\d-[\w-]+\.md)\)", contents)
    assert "docs/guide/" in (ROOT / "README.md").read_text("utf-8")
