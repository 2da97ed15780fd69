"""The provider's log: client ids and reasons, never a code, a token or a contract number (PLP-083)."""

from __future__ import annotations

import logging

log = logging.getLogger("encours.oidc")
