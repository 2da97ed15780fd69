"""What the installation tells its operator: log lines without personal data, counts."""
