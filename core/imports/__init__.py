"""Files of others made rows of ours: one engine for every target (AC-02)."""
