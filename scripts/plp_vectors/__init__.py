"""`python -m scripts.plp_vectors` writes the conformance kit's golden vectors and JSON schemas anew.

The same bytes each time: keys and secret are derived from the phrases below, and ES256 signs deterministically
(RFC 6979). What it writes is judged in `tests/interop` and `tests/conform` by libraries that share no code with it.
"""
