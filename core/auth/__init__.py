"""Sign-in, sessions, the OpenID provider."""
