"""Hooks: what plugins implement, and the hub that calls them."""
