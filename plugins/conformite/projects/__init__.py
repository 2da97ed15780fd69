"""Allocation suited to the profile, investment projects, their projection and their adequacy (CO-03, CO-04)."""
