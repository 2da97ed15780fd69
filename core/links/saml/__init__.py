"""The binding `saml2-sp`: the platform as identity provider (SAML 2.0 Web SSO, annex A of PLP/1). Why it is so: ADR 021."""
