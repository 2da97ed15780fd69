"""The tenant: cabinets, people, rights, journal, vault."""
