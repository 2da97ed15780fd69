"""The link in a throwaway installation, with a partner that answers here, checks our signatures and signs its request."""

from __future__ import annotations

import base64
import re
from html import unescape
from io import BytesIO

from core.api import Plugin
from core.api.db import today
from core.testing import Browser
from core.testing import FakePartner
from core.testing import conformance
from core.testing import installation
from encours_horizon.products import COMPANY

ACTS = {"arbitrage": "Arbitrage", "rachat_partiel": "Rachat partiel"}


def hidden(page: str, name: str) -> str:
    """A form's hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return unescape(found.group(1))


def answer(browser: Browser, address: str) -> bytes:
    """The Response that the browser is given to carry on, for a request to that address."""
    return base64.b64decode(hidden(browser.get(address[address.index("/plp/") :]), "SAMLResponse"))


def test_it_conforms() -> None:
    """What `encours plugin check horizon` says."""
    conformance.assert_sound("horizon")


def test_its_accounts_are_recognised() -> None:
    """By company and number; another company's account is not ours."""
    with installation("horizon") as encours:
        assert encours.account("HZV0012345", company=COMPANY).plugin == "horizon"
        assert encours.account("HZV0054321", company="une-autre").plugin is None


def test_its_mandate_is_activated_on_pages_that_are_not_written_here() -> None:
    """Made, filled, sent, received, active, an adviser enrolled: then his icon is open."""
    with installation() as encours, FakePartner(ACTS, saml=True) as partner:
        encours.register("horizon", partner)
        boss, day, proof = encours.browser(), today().isoformat(), b"%PDF-1.4\n%%EOF\n"
        at = "/p/horizon/activation"
        who = {"representative": "Anne Keller", "quality": "Gérante", "place": "Nantes", "email": "cabinet@exemple.fr"}
        for page, sent in (
            ("generer", {}), ("remplir", {**who, "broker_code": "HV-1", "signed_on": day, "acts": "arbitrage"}),
            ("transmettre", {"inspector_name": "Zoé Roy", "inspector_email": "z@exemple.fr", "sent_on": day}),
            ("reception", {"on": day, "file": (BytesIO(proof), "recu.pdf")}),
            ("confirmer", {"on": day, "file": (BytesIO(proof), "actif.pdf")}),
        ):  # fmt: skip
            boss.post(f"{at}/{page}", {**sent, "seen": hidden(boss.get(at), "seen")})
        assert "Horizon Vie est actif" in boss.get(at)
        boss.post(f"/p/horizon/conseillers/{encours.here.adviser}", {"state": "enrolled"})
        account = encours.account("HZV0012345", company=COMPANY)
        assert "Arbitrage" in encours.browser(role="conseiller").get(f"/liens/horizon/comptes/{account.id}/actes")


def test_the_menu_says_what_the_partner_says() -> None:
    """One signed request, read word by word; what is greyed has the partner's reason."""
    with installation() as encours, FakePartner(ACTS, saml=True) as partner:
        encours.join("horizon", partner)
        account = encours.account("HZV0012345", company=COMPANY)
        reason = {"code": "pending_same_kind", "text": "Un rachat est déjà en cours."}
        partner.answers["rachat_partiel"] = {
            "code": "rachat_partiel", "label": "Rachat partiel", "state": "blocked", "reason": reason,
        }  # fmt: skip
        acts = encours.hub.ask("horizon", Plugin.account_actions, encours.context(), account)
        assert [(act.enabled, act.reason) for act in acts] == [(True, None), (False, "Un rachat est déjà en cours.")]


def test_one_click_and_one_answer_by_saml() -> None:
    """From the icon's menu to the partner: its request is answered once, by a Response that only its own key opens."""
    with installation() as encours, FakePartner(ACTS, saml=True) as partner:
        encours.join("horizon", partner)
        account = encours.account("HZV0012345", company=COMPANY)
        browser = encours.browser()
        token = hidden(browser.get(f"/liens/horizon/comptes/{account.id}/actes"), "token")
        handed = browser.post("/plp/launches", {"token": token})
        assert f'action="{partner.url}/saml/entree"' in handed
        sso_url = re.search(r'Location="([^"]+)"', browser.get("/plp/ici/saml/metadata"))
        assert sso_url
        response = answer(browser, partner.saml.request(sso_url.group(1), hidden(handed, "plp_message_hint")))
        assert b"status:Success" in response
        assert b"EncryptedAssertion" in response
        assert b"HZV0012345" not in response
        again = answer(browser, partner.saml.request(sso_url.group(1), hidden(handed, "plp_message_hint")))
        assert b"RequestDenied" in again
