"""Demonstration data: two cabinets, their people, contacts, accounts and five years of history, from one seed."""
