"""Model portfolios: what a cabinet recommends by profile, who follows it, how far they are, what would bring them back."""
