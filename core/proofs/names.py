"""Names inside a proof file: what writes it and what checks it agree on them."""

from __future__ import annotations

FORMAT = "encours-proof-1"
MANIFEST, SIGNATURE, CERTIFICATE = "manifest.json", "manifest.sig", "certificat.pem"
JOURNAL, REQUESTS, PAGE = "journal.json", "signatures.json", "index.html"
