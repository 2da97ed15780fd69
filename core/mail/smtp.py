"""Handing a mail to the mail server: done, refused for good, or later."""

from __future__ import annotations

import smtplib
import ssl
from email.errors import HeaderParseError

from core import config
from core.config import Config
from core.db.errors import DomainError
from core.hooks.errors import PartnerRefused
from core.jobs.queue import Retry
from core.mail.letters import Letter
from core.mail.letters import message

TIMEOUT = 15.0


def is_configured() -> bool:
    """Whether this installation can send mail."""
    return bool(config.current().smtp_host)


def send(letter: Letter) -> None:
    """For senders of the outbox. Raises `PartnerRefused` for a refusal, `Retry` where it may go later."""
    settings = config.current()
    if not settings.smtp_host:
        raise PartnerRefused("aucun serveur de courrier n'est réglé (ENCOURS_SMTP_HOST)")
    try:
        made = message(letter, settings.mail_from)
    except (DomainError, HeaderParseError, ValueError) as error:
        raise PartnerRefused(f"message impossible à écrire : {type(error).__name__}") from error
    try:
        with _connected(settings) as server:
            server.send_message(made)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        codes = [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else [
            code for code, _text in error.recipients.values()
        ]  # fmt: skip
        if codes and all(500 <= code < 600 for code in codes) and not isinstance(error, smtplib.SMTPAuthenticationError):
            raise PartnerRefused(f"refusé par le serveur de courrier ({', '.join(map(str, codes))})") from error
        raise Retry(None, f"le serveur de courrier demande d'attendre ({', '.join(map(str, codes))})") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Retry(None, f"le serveur de courrier ne répond pas : {type(error).__name__}") from error


def _connected(settings: Config) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=trusted
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=trusted)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server
