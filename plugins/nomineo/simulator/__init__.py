"""The simulated extranet, Nominéo unless it is told another name: another company's program, with its own process, book
and database (BL-15).

It is the *partner* side of PLP/1, binding `oidc-code` or `saml2-sp` (one a company), and shares nothing with the platform
but the published protocol. It decides from its own book and is no echo of what it is sent.
"""
