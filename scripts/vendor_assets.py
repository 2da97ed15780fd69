"""Fetch the third-party browser assets named in assets.lock and write them below core/static.

Run by hand when assets.lock changes; the result is committed, so that neither running nor installing
Encours needs Node. Needs ``npm`` on the path. Exits with 1 when an archive does not match its integrity.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "assets.lock"
STATIC = ROOT / "core" / "static"
WORDMARK = STATIC / "img" / "wordmark.svg"

SOURCE_MAP = re.compile(r"\n?/\*# sourceMappingURL=[^*]*\*/\s*$")
SHAPE = re.compile(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>")
SYMBOL = re.compile(r"<symbol\b.*</symbol>", re.DOTALL)
BOUNDING_BOX = 'd="M0 0h24v24H0z"'


class AssetError(Exception):
    """An archive or a file in it is not what assets.lock says."""


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package of assets.lock: what is pinned and what is taken from it."""

    name: str
    version: str
    integrity: str
    files: dict[str, str]
    icons: tuple[str, ...]


def read_lock(path: Path) -> list[Package]:
    """Read the lock file; raises ``KeyError`` when a package lacks a pinned member."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Package(
            name=entry["name"],
            version=entry["version"],
            integrity=entry["integrity"],
            files=dict(entry.get("files", {})),
            icons=tuple(entry.get("icons", ())),
        )
        for entry in document["package"]
    ]


def download(package: Package, into: Path) -> Path:
    """Bring the package's archive into a folder and check its sha512; raises ``AssetError``."""
    subprocess.run(
        ["npm", "pack", f"{package.name}@{package.version}", "--pack-destination", str(into), "--silent"],
        check=True,
        cwd=into,
        stdout=subprocess.DEVNULL,
    )
    archive = into / f"{package.name.removeprefix('@').replace('/', '-')}-{package.version}.tgz"
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode("ascii")
    if package.integrity != f"sha512-{digest}":
        raise AssetError(f"{package.name}@{package.version}: integrity is sha512-{digest}")
    return archive


def member(archive: tarfile.TarFile, path: str) -> str:
    """The text of one file of an npm archive; raises ``AssetError`` when it is not there."""
    try:
        stream = archive.extractfile(f"package/{path}")
    except KeyError:
        stream = None
    if stream is None:
        raise AssetError(f"no {path} in the archive")
    return stream.read().decode("utf-8")


def symbol(name: str, svg: str) -> str:
    """One sprite symbol: the icon's shapes without its invisible bounding box."""
    shapes = [shape for shape in SHAPE.findall(svg) if BOUNDING_BOX not in shape]
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def write_sprite(archive: tarfile.TarFile, names: tuple[str, ...]) -> None:
    """Gather the named outline icons and the wordmark into core/static/icons.svg."""
    lines = ['<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, outline, MIT licence. -->']
    lines += [symbol(name, member(archive, f"icons/outline/{name}.svg")) for name in names]
    lines += SYMBOL.findall(WORDMARK.read_text(encoding="utf-8"))
    lines += ["</svg>", ""]
    (STATIC / "icons.svg").write_text("\n".join(lines), encoding="utf-8")


def install(package: Package, scratch: Path) -> None:
    """Fetch one package and write what is taken from it."""
    with tarfile.open(download(package, scratch)) as archive:
        for path, name in package.files.items():
            target = STATIC / "vendor" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(SOURCE_MAP.sub("\n", member(archive, path)), encoding="utf-8")
        if package.icons:
            write_sprite(archive, package.icons)


def main() -> int:
    """Write every asset of the lock file; the exit status of the command."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for package in read_lock(LOCK):
                install(package, Path(scratch))
                print(f"{package.name} {package.version}")
    except (AssetError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
