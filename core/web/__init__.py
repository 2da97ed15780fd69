"""Around each request: policies, headers, errors, assets."""
