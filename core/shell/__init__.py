"""The frame: bar, search, notifications, health."""
