"""A contact's right of access to what is kept of it (RGPD, articles 15 and 20)."""
