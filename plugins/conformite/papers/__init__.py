"""Regulatory documents: made of versioned templates and the file's facts, signed, followed (CO-01)."""
