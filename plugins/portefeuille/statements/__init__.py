"""Statements of a person's or a household's accounts on a day: for people (PDF, workbook) and programs (PF-02, NX-06)."""
