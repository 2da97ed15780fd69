"""The database: types, models, sessions, the clock."""
