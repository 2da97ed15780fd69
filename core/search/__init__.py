"""Words found again: accents, spellings, typing errors."""
