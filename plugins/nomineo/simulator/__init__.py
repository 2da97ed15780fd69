"""The simulated Nominéo extranet: another company's program, with its own process, book and database (BL-15).

It is the *partner* side of PLP/1, binding `oidc-code`, and shares nothing with the platform but the published
protocol. It decides from its own book and is no echo of what it is sent.
"""
