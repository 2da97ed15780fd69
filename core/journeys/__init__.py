"""Acts typed here, step by step, and transmitted."""
