"""What is measured, against what: `make bench` writes RESULTS.md. No test asserts a time."""
