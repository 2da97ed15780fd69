"""`plp-conform`: a black-box check of either side of the partner link PLP/1 (docs/protocol).

It plays one side and judges the other by what crosses the wire. It shares no code with a platform or a partner: its
tokens and signatures are its own, of `cryptography` alone, so that a fault of a JOSE library cannot hide on both sides.
"""

VERSION = "1.0"
