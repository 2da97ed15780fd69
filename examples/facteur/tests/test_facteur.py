"""A message becomes one file, with its documents, however often it is asked for."""

from __future__ import annotations

from email import message_from_bytes
from email import policy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from core.api.types import EmailAddress
from core.api.types import Message
from core.api.types import MessageContact
from core.api.types import MessageFile
from encours_facteur import post


def test_a_file_once(tmp_path: Path) -> None:
    """The same key gives the same file, whole, with the text and the document to the byte; nothing without settings."""
    settings = {"folder": str(tmp_path), "sender": "cabinet@exemple.fr"}
    ctx: Any = SimpleNamespace(settings=settings, principal=SimpleNamespace(email="anne@exemple.fr"))
    contact = MessageContact("c1", "Jeanne Durand", "PERSONNE_PHYSIQUE", (EmailAddress("jeanne@exemple.fr", True, True),))
    paper = MessageFile("d1", "relevé.pdf", "application/pdf", 9, "0" * 64, lambda: b"%PDF-1.4\n")
    message = Message("msg_1", contact, "email", "jeanne@exemple.fr", "Votre relevé", "Bonjour,\n\nÀ bientôt.", (paper,))
    assert post.drop(ctx, message) == post.drop(ctx, message)
    (file,) = tmp_path.iterdir()
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (read["To"], read["Subject"], read["Reply-To"]) == ("jeanne@exemple.fr", "Votre relevé", "anne@exemple.fr")
    assert "À bientôt." in read.get_body(("plain",)).get_content()
    (attached,) = read.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("relevé.pdf", b"%PDF-1.4\n")
    settings["sender"] = ""
    assert post.drop(ctx, message).state == "refused"
