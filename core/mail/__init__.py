"""Outgoing mail: through the outbox, to one mail server."""
