"""A proof file held against itself: seal, files, journal, signed documents. No database, no network, nothing of the cabinet's.

`verify` reads what `core.proofs.writing` wrote, entry by entry: nothing is unpacked on the disk.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa

from core.cabinets import audit
from core.proofs.names import CERTIFICATE
from core.proofs.names import FORMAT
from core.proofs.names import JOURNAL
from core.proofs.names import MANIFEST
from core.proofs.names import REQUESTS
from core.proofs.names import SIGNATURE
from core.signing import intact

#: More than any that we write; beyond, it is not read.
MOST_FILES, MOST_JSON = 100_000, 256 * 1024 * 1024
_PIECE = 1024 * 1024
#: What a manifest says besides, that the command tells.
_SAID = ("made_at", "made_by", "software", "certificate_sha256", "documents")


class NoProof(ValueError):
    """The file is no proof file; its text says why, in French."""


@dataclass(slots=True)
class Verified:
    """What was found. `faults`: one sentence each; none where all holds. `said`: the manifest."""

    said: dict[str, Any]
    faults: list[str] = field(default_factory=list)
    files: int = 0
    entries: int = 0
    purged: int = 0
    sealed: int = 0


def verify(path: Path) -> Verified:
    """Check a proof file. Raises `NoProof` for what is none, OSError for one that cannot be read."""
    try:
        with zipfile.ZipFile(path) as box:
            return _verified(box)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise NoProof("ce n'est pas une archive ZIP lisible") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise NoProof("ce qu'elle dit n'a pas la forme d'un dossier de preuve") from error


def _verified(box: zipfile.ZipFile) -> Verified:
    manifest = _whole(box, MANIFEST)
    said = _read(manifest, MANIFEST)
    if said.get("format") != FORMAT or not isinstance(said.get("files"), list):
        raise NoProof(f"son {MANIFEST} n'est pas d'un dossier de preuve d'Encours ({FORMAT})")
    _ = [said["contact"]["name"], said["contact"]["file_code"], said["cabinet"]["name"], *(said[name] for name in _SAID)]
    found = Verified(said)
    found.faults += _seal(box, manifest, said)
    found.faults += _files(box, found)
    if not any(JOURNAL in one for one in found.faults):
        found.faults += _journal(_read(_whole(box, JOURNAL), JOURNAL), found)
    found.faults += _signed(box, found)
    return found


def _seal(box: zipfile.ZipFile, manifest: bytes, said: dict[str, Any]) -> Iterator[str]:
    try:
        certificate = x509.load_pem_x509_certificate(_whole(box, CERTIFICATE))
        key = certificate.public_key()
        if not isinstance(key, rsa.RSAPublicKey):
            raise ValueError("not RSA")
    except ValueError:
        yield f"{CERTIFICATE}\u202f: ce n'est pas un certificat RSA"
        return
    if certificate.fingerprint(hashes.SHA256()).hex() != said.get("certificate_sha256"):
        yield f"{CERTIFICATE}\u202f: ce n'est pas le certificat que nomme le manifeste"
    try:
        key.verify(_whole(box, SIGNATURE), manifest, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        yield f"{MANIFEST}\u202f: modifié depuis sa signature"


def _files(box: zipfile.ZipFile, found: Verified) -> Iterator[str]:
    there = Counter(one.filename for one in box.infolist())
    told = {str(one.get("path")): one for one in found.said["files"] if isinstance(one, dict)}
    found.files = len(told)
    yield from (f"{path}\u202f: présent deux fois" for path, count in there.items() if count > 1)
    yield from (f"{path}\u202f: absent" for path in told if path not in there)
    yield from (f"{path}\u202f: ajouté après coup" for path in there if path not in told and path not in (MANIFEST, SIGNATURE))
    for path, one in told.items():
        if path not in there:
            continue
        try:
            size, digest = _digest(box, path)
        except zipfile.BadZipFile:
            yield f"{path}\u202f: endommagé"
            continue
        if (size, digest) != (one.get("size"), one.get("sha256")):
            yield f"{path}\u202f: modifié"
    kept = {one.get("path"): one.get("sha256") for one in found.said["files"]}
    for paper in found.said.get("documents", []):
        if paper.get("lost"):
            yield f"{paper.get('title')}\u202f: {paper['lost']}"
        elif kept.get(paper.get("path")) != paper.get("sha256"):
            yield f"{paper.get('path')}\u202f: son empreinte n'est pas celle qui a été enregistrée au dépôt"


def _journal(said: dict[str, Any], found: Verified) -> Iterator[str]:
    before = 0
    hashes_at: dict[int, str] = {}
    for one in said.get("entries", []):
        found.entries += 1
        number = one["seq"]
        own = audit.chained(
            number, one["at"], one["actor"], one["action"], one["subject"], one["payload_hash"], one["previous"]
        )
        if own != one["hash"]:
            yield f"{JOURNAL}\u202f: entrée n° {number} modifiée"
        if number <= before:
            yield f"{JOURNAL}\u202f: entrée n° {number} déplacée"
        if hashes_at.get(number - 1, one["previous"]) != one["previous"]:
            yield f"{JOURNAL}\u202f: entrée n° {number} ne suit pas la précédente"
        if one["salt"] is None:
            found.purged += 1
        elif audit.payload_hash(one["salt"], one["payload"]) != one["payload_hash"]:
            yield f"{JOURNAL}\u202f: contenu de l'entrée n° {number} modifié"
        before, hashes_at[number] = number, one["hash"]
    head = said.get("head") or {}
    if before > (head.get("seq") or 0) or (before == head.get("seq") and hashes_at[before] != head.get("hash")):
        yield f"{JOURNAL}\u202f: la tête de chaîne n'est pas celle des entrées"


def _signed(box: zipfile.ZipFile, found: Verified) -> Iterator[str]:
    """The seals inside the signed documents, checked by pyHanko."""
    for one in _read(_whole(box, REQUESTS), REQUESTS).get("requests", []):
        path = one.get("signed")
        if not path or path not in box.namelist():
            continue
        state = intact.of(io.BytesIO(_whole(box, path)))
        if state is False:
            yield f"{path}\u202f: le cachet du document ne couvre plus son contenu"
        found.sealed += state is True


def _digest(box: zipfile.ZipFile, path: str) -> tuple[int, str]:
    made, size = hashlib.sha256(), 0
    with box.open(path) as file:
        while piece := file.read(_PIECE):
            made.update(piece)
            size += len(piece)
    return size, made.hexdigest()


def _whole(box: zipfile.ZipFile, path: str) -> bytes:
    if len(box.infolist()) > MOST_FILES:
        raise NoProof(f"l'archive compte plus de {MOST_FILES} fichiers")
    try:
        if box.getinfo(path).file_size > MOST_JSON:
            raise NoProof(f"{path} est trop gros pour un dossier de preuve")
        return box.read(path)
    except KeyError as error:
        raise NoProof(f"il n'y a pas de {path}") from error


def _read(data: bytes, path: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoProof(f"{path} n'est pas lisible") from error
    if not isinstance(found, dict):
        raise NoProof(f"{path} n'est pas lisible")
    return found
