"""The partner link «Mutuelle des Alizés»."""
