"""Performance of accounts, people and households: what was earned on what was paid in, and from what it is known (PF-08)."""
