"""Optimisation of a model's weights on past prices: asked, reckoned by the worker, kept as it was (PF-09, ADR 039)."""
