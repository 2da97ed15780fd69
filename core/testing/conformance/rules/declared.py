"""What no program can see is said in quality.toml; a README says the rest."""

from __future__ import annotations

from collections.abc import Iterator

from core.testing.conformance.findings import Finding
from core.testing.conformance.quality import NEEDED
from core.testing.conformance.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """The identity; the README in the package, or beside it, or in the distribution's description."""
    if subject.folder is None:
        return
    place = subject.place(subject.folder / "quality.toml")
    identity = subject.quality.get("identity", {})
    if not subject.quality:
        yield Finding("", "quality.toml manque, ou ne se lit pas", place)
        return
    for key, said in NEEDED.items():
        if not str(identity.get(key) or "").strip():
            yield Finding("", f"quality.toml ne dit pas {said} (identity.{key})", place)
    if not has_readme(subject):
        yield Finding("", "il n'a pas de README", subject.place(subject.folder), todo="Écrivez README.md : ce qu'il apporte, "
                      "comment on l'installe.")  # fmt: skip


def has_readme(subject: Subject) -> bool:
    """Whether somebody wrote what it is for."""
    assert subject.folder is not None
    near = [subject.folder, *([] if subject.module.startswith("plugins.") else [subject.folder.parent])]
    if any((folder / "README.md").is_file() and (folder / "README.md").stat().st_size > 40 for folder in near):
        return True
    dist = subject.entries[0].dist if subject.entries and not subject.module.startswith("plugins.") else None
    text = (dist.read_text("METADATA") or "").partition("\n\n")[2] if dist is not None else ""
    return len(text.strip()) > 40
