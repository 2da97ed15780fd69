"""Messages to clients: who can be reached and how, what was sent, what was not and why (PF-03)."""
