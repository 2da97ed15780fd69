"""The proof file as a ZIP: files as they are kept, what is known of each, a page to read it by, a seal over all of it (NX-05).

`manifest.json` names every file with its SHA-256; `manifest.sig` is its signature (RSA, PKCS #1 v1.5, SHA-256) by the
certificate that seals signed documents; `core.proofs.checking` reads the same names.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import IO
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import render_template

from core.admin import journal_words
from core.cabinets import audit
from core.cabinets import audit_proof
from core.cabinets import changes
from core.cabinets.models import Cabinet
from core.db.clock import now
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents import categories
from core.documents import services as documents
from core.documents.models import Document
from core.documents.store import Corrupted
from core.hooks.types import Adviser
from core.proofs import contents
from core.proofs.names import CERTIFICATE
from core.proofs.names import FORMAT
from core.proofs.names import JOURNAL
from core.proofs.names import MANIFEST
from core.proofs.names import PAGE
from core.proofs.names import REQUESTS
from core.proofs.names import SIGNATURE
from core.signing import seals
from core.signing import states
from core.version import VERSION

_PIECE = 256 * 1024


@dataclass(slots=True)
class _Box:
    """The archive, and what was put in it."""

    out: zipfile.ZipFile
    at: datetime
    files: list[dict[str, Any]] = field(default_factory=list)

    def put(self, path: str, data: bytes, *, told: bool = True) -> None:
        entry = zipfile.ZipInfo(path, self.at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED if path.endswith((".json", ".html")) else zipfile.ZIP_STORED
        self.out.writestr(entry, data)
        if told:
            self.files.append({"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})


@dataclass(frozen=True, slots=True)
class Proof:
    """The archive, open at its beginning and gone once closed, and the SHA-256 of its manifest."""

    file: IO[bytes]
    manifest: str
    name: str

    def pieces(self) -> Iterator[bytes]:
        """The archive, piece by piece."""
        with self.file:
            while piece := self.file.read(_PIECE):
                yield piece


def write(session: TenantSession, by: Adviser, contact_id: str, titles: Mapping[str, str]) -> Proof:
    """Make the proof file of a contact, and note it in the journal. For a session that writes; nothing is committed here.

    `titles`: what modules are called. Raises as `contents.of`. A document whose bytes are gone or
    damaged is named in it as lost, and the check says so.
    """
    found = contents.of(session, by, contact_id)
    seal, cabinet = seals.current(session), session.get_one(Cabinet, session.require_cabinet())
    at, names = now(), changes.people(session, {one.created_by or "" for one in found.documents} | {by.user_id})
    out = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(out, "w") as archive:
        box = _Box(archive, at)
        papers = [_paper(session, box, one, found, names, number) for number, one in enumerate(found.documents, 1)]
        lines = _journal(session, found, titles)
        requests = [_request(one, papers) for one in found.signatures]
        box.put(JOURNAL, _json({"format": FORMAT, "head": _head(session), "entries": lines}))
        box.put(REQUESTS, _json({"format": FORMAT, "level": states.LEVEL, "requests": requests}))
        box.put(CERTIFICATE, seal.certificate)
        said = {
            "format": FORMAT, "made_at": _utc(at), "made_by": by.name, "software": f"Encours {VERSION}",
            "cabinet": {"name": cabinet.name, "siren": cabinet.siren, "orias": cabinet.orias},
            "contact": {"id": found.contact.id, "name": found.contact.name, "file_code": found.contact.line.file_code},
            "certificate_sha256": seal.sha256, "documents": papers,
        }  # fmt: skip
        box.put(PAGE, render_template(
            "proofs/index.html", said=said, at=at, lines=lines, requests=found.signatures, papers=papers, states=states,
            by_id={one["id"]: one for one in papers},
        ).encode())  # fmt: skip
        manifest = _json({**said, "files": box.files})
        box.put(MANIFEST, manifest, told=False)
        box.put(SIGNATURE, _signed(seal, manifest), told=False)
    digest = hashlib.sha256(manifest).hexdigest()
    audit.record(
        session, by.user_id, "contact.proof_made", f"contact:{found.contact.id}",
        {"documents": len(papers), "entries": len(lines), "manifest_sha256": digest},
    )  # fmt: skip
    out.seek(0)
    return Proof(out, digest, f"Dossier de preuve {found.contact.name} {at:%Y-%m-%d}.zip")


def _paper(
    session: TenantSession, box: _Box, one: Document, found: contents.Contents, names: Mapping[str, str], number: int
) -> dict[str, Any]:
    suffix = one.filename.rpartition(".")[2] if "." in one.filename else "bin"
    stem = documents.clean_name(one.title.replace("/", "-")).removesuffix(f".{suffix}")[:100]
    path = f"documents/{number:04d} {stem}.{suffix}"
    lost = ""
    try:
        box.put(path, documents.read(session, one))
    except (NotFound, Corrupted):
        path, lost = "", "fichier absent ou endommagé dans le coffre quand ce dossier a été fait"
    return {
        "id": one.id, "path": path or None, "lost": lost or None, "title": one.title, "filename": one.filename,
        "category": categories.tree(session).path(one.category),
        "owner": found.owners.get((one.owner_kind, one.owner_id), ""), "series": one.chain, "version": one.number,
        "in_force": one.current, "media_type": one.media_type, "size": one.size, "sha256": one.sha256,
        "filed_at": _utc(one.created_at), "filed_by": names.get(one.created_by or "", one.created_by or "Encours"),
        "expires_on": one.expires_on.isoformat() if one.expires_on else None,
    }  # fmt: skip


def _journal(session: TenantSession, found: contents.Contents, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = sorted(contents.entries(session, found), key=lambda one: one.seq)
    people = changes.people(session, {one.actor for one in rows})
    return [
        {
            "seq": one.seq, "at": one.at.isoformat(), "actor": one.actor, "action": one.action, "subject": one.subject,
            "payload_hash": one.payload_hash, "previous": one.previous, "hash": one.hash, "salt": one.salt,
            "payload": one.payload,
            "who": journal_words.actor(one.actor, people, titles), "what": journal_words.action(one.action),
        }
        for one in rows
    ]  # fmt: skip


def _request(one: Any, papers: list[dict[str, Any]]) -> dict[str, Any]:
    paths = {paper["id"]: paper["path"] for paper in papers}
    return {
        "id": one.id, "title": one.title, "state": one.state, "document": paths.get(one.document_id),
        "document_sha256": one.sha256,
        "signed": paths.get(one.signed_id), "evidence": paths.get(one.proof_id), "asked_at": _utc(one.asked_at),
        "ended_at": _utc(one.ended_at), "why": one.why or None,
        "signers": [
            {"rank": who.rank, "name": who.name, "on_behalf_of": who.behalf or None, "way": who.way, "state": who.state,
             "ended_at": _utc(who.ended_at), "why": who.why or None}
            for who in one.signers
        ],
    }  # fmt: skip


def _head(session: TenantSession) -> dict[str, Any]:
    seq, digest = audit_proof.head(session)
    return {"seq": seq, "hash": digest}


def _signed(seal: seals.Seal, data: bytes) -> bytes:
    key = serialization.load_pem_private_key(seal.key, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("a seal's key is RSA")
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
