"""Acts that come back on a day of the month: proposed on that day, never written by themselves (PF-04)."""
