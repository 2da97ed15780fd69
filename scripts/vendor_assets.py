"""Fetch the third-party browser assets named in assets.lock and write them below core/static.

Run by hand when assets.lock changes; the result is committed, so that neither running nor installing
Encours needs Node. Needs ``npm`` on the path. Exits with 1 when an archive does not match its integrity.
A bundle is made by esbuild out of packages that its own package-lock.json pins, each with its sha512.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
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


@dataclass(frozen=True, slots=True)
class Bundle:
    """One file that esbuild makes out of a folder's ``bundle.js`` and the packages of its package-lock.json."""

    name: str
    folder: str
    integrity: str


def read_bundles(path: Path) -> list[Bundle]:
    """The bundles of the lock file; raises ``KeyError`` when one lacks a pinned member."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Bundle(entry["name"], entry["folder"], entry["integrity"]) for entry in document.get("bundle", ())]


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


def make_bundle(bundle: Bundle, scratch: Path) -> None:
    """Install the pinned packages (npm checks each one's sha512), bundle them, gather their licences."""
    folder = scratch / "bundle"
    shutil.copytree(ROOT / bundle.folder, folder, ignore=shutil.ignore_patterns("node_modules"))
    subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    made = folder / "made.js"
    options = ["--bundle", "--format=esm", "--minify", "--platform=browser", "--target=es2022", "--legal-comments=none"]
    esbuild = folder / "node_modules" / ".bin" / "esbuild"
    subprocess.run([str(esbuild), "bundle.js", *options, "--log-level=warning", f"--outfile={made}"], check=True, cwd=folder)
    digest = base64.b64encode(hashlib.sha512(made.read_bytes()).digest()).decode("ascii")
    if bundle.integrity != f"sha512-{digest}":
        raise AssetError(f"{bundle.name}: integrity is sha512-{digest}")
    target = STATIC / "vendor" / bundle.name
    target.write_text(made.read_text(encoding="utf-8"), encoding="utf-8")
    target.with_suffix(".LICENSE.txt").write_text(licences(folder / "node_modules"), encoding="utf-8")


def licences(modules: Path) -> str:
    """The licence of every package that a bundle holds: each text once, under the names of those it covers."""
    packages = json.loads((modules.parent / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    covered: dict[str, list[str]] = {}
    for path, entry in packages.items():
        if not path or entry.get("dev") or entry.get("optional"):
            continue
        folder = modules.parent / path
        texts = sorted(folder.glob("LICEN[CS]E*"))
        text = texts[0].read_text(encoding="utf-8").strip() if texts else entry.get("license", "")
        covered.setdefault(text, []).append(f"{path.removeprefix('node_modules/')} {entry['version']}")
    return "\n\n".join(f"{', '.join(names)}\n{'-' * 40}\n{text}" for text, names in covered.items()) + "\n"


def main() -> int:
    """Write every asset of the lock file; the exit status of the command."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for package in read_lock(LOCK):
                install(package, Path(scratch))
                print(f"{package.name} {package.version}")
            for bundle in read_bundles(LOCK):
                make_bundle(bundle, Path(scratch))
                print(bundle.name)
    except (AssetError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
