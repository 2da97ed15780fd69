"""Income tax and IFI by a program of its own, OpenFisca-France, spoken to over HTTP on this machine (docs/adr/024-tax-engine.md)."""
