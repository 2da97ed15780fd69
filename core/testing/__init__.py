"""What plugins' tests may use."""
