"""The one OpenID provider, on Authlib's server. It knows no launch: each kind of client brings its own rules."""
