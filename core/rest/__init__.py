"""The JSON API's machinery: operations declared once, served, described, documented (PL-09, ADR 019)."""
