"""«Administration»: what a cabinet's administrator sees and decides (US-02)."""
