"""The partner link «Horizon Vie», an invented insurer that one reaches by SAML."""
