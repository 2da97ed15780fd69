"""The partner link: acts, launch, hooks, mandates."""
