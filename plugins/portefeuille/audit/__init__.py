"""The audit of a portfolio (PF-07): facts read once, small rules that judge them, one list of rules."""
