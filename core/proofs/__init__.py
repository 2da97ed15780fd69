"""The proof file of a client: one archive for a control, checked without us (NX-05)."""
