"""The way out to partners: deadlines, caps, breaker."""
