"""Income tax and IFI by a program beside ours, OpenFisca-France, spoken to over HTTP on this machine (ADR 024)."""
