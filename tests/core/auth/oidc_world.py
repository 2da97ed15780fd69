"""A cabinet, its adviser, a registered partner with keys, and the `/plp` endpoints: what the provider's tests share."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import jwt as pyjwt
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Blueprint
from flask import Flask
from flask.testing import FlaskClient
from jwcrypto.jwk import JWK
from sqlalchemy import func
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import config as configuration
from core.accounts.models import Account
from core.auth import people as _people
from core.auth.models import OidcClient
from core.auth.models import SessionRow
from core.auth.sessions import COOKIE
from core.auth.sessions import Sessions
from core.auth.sessions import hashed
from core.cabinets import services as cabinets
from core.cabinets import vault
from core.cabinets.models import Enabling
from core.cabinets.models import User
from core.config import Config
from core.db.clock import epoch
from core.db.clock import now
from core.db.model import Base
from core.db.model import new_id
from core.extensions import csrf
from core.extensions import db
from core.extensions import login
from core.links import oidc_views
from core.links import partner_keys
from core.links.models import Enrolment
from core.links.models import Launch
from core.links.models import Mandate
from core.links.models import Registration
from core.supports.models import Company
from core.transactions.models import Transaction
from core.web import request as work
from tests import databases

LOADED = (_people,)
BASE = "http://127.0.0.1:8000"
REDIRECT = "http://localhost:8010/plp/callback"
KEK = base64.urlsafe_b64encode(b"k" * 32).decode()
VERIFIER = "v" * 43 + "-._~"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Params = list[tuple[str, str]]


class PartnerKey:
    """A P-256 key of a partner, made without the library under test."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        jwk = JWK.from_pyca(self.private)
        self.kid: str = jwk.thumbprint()
        self.public: dict[str, Any] = {
            **json.loads(jwk.export_public()), "kid": self.kid, "use": "sig", "alg": "ES256",
        }  # fmt: skip


class FakePartnerHttp:
    """`PartnerHttp` with a scripted answer; it counts the calls for keys, and those for statements, of which there are none."""

    answer: Callable[[], SimpleNamespace]
    calls = 0
    asked = 0

    def __init__(self, plugin: str, cabinet_id: int, *, allow_loopback: bool, ports: frozenset[int]) -> None:
        assert allow_loopback
        assert 8010 in ports

    def request(self, method: str, url: str, **options: Any) -> SimpleNamespace:
        assert (method, options["cap"]) == ("GET", 64 * 1024)
        if url.startswith("http://localhost:8010/plp/keys-statement?mandate=mdt_"):
            type(self).asked += 1
            return SimpleNamespace(status=200, headers={"Content-Type": "application/json"}, body=b'{"statements":[]}')
        assert url == "http://localhost:8010/plp/jwks.json"
        type(self).calls += 1
        return type(self).answer()


def jwks_answer(*keys: dict[str, Any], body: bytes | None = None, media: str = "application/json") -> SimpleNamespace:
    """A partner's answer at its `jwks_uri`."""
    content = json.dumps({"keys": list(keys)}).encode() if body is None else body
    return SimpleNamespace(status=200, headers={"Content-Type": media}, body=content)


@dataclass
class Party:
    """One cabinet registered at the partner, with its signed-in adviser."""

    cabinet_id: int
    slug: str
    user_id: str
    client_id: str
    mandate: str
    handle: str
    account_id: str
    sid: str


class World:
    """Everything, on a database of its own. `make` adds a cabinet; `party` is the first."""

    def __init__(self, folder: Path, monkeypatch: Any) -> None:
        self.config = Config(
            database_url=databases.url(folder), var_dir=str(folder), secret_key="s" * 40, kek=KEK,
            testing=True, plp_allow_loopback=True, base_url=BASE,
        )  # fmt: skip
        configuration.use(self.config)
        vault.configure(KEK)
        db.open(self.config.database_url, check=True)
        for models in sorted(Path(configuration.__file__).parent.glob("*/models.py")):
            importlib.import_module(f"core.{models.parent.name}.models")
        Base.metadata.create_all(db.engine)
        self.key = PartnerKey()
        self.http = type("Http", (FakePartnerHttp,), {"answer": staticmethod(lambda: jwks_answer(self.key.public))})
        monkeypatch.setattr(partner_keys, "PartnerHttp", self.http)
        self.app = self._app()
        self.party = self.make("demo")

    def close(self) -> None:
        db.close()

    def _app(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        app.config.update(SECRET_KEY="s" * 40, TESTING=True, WTF_CSRF_SSL_STRICT=False)
        app.session_interface = Sessions(self.config)
        app.extensions["encours_hub"] = SimpleNamespace(
            registry=SimpleNamespace(
                plugins={"nomineo": SimpleNamespace(title="Nominéo")}, barred=frozenset(),
                tables=SimpleNamespace(behind=lambda _plugins: frozenset()),
            )
        )  # fmt: skip
        login.init_app(app)
        csrf.init_app(app)
        work.install(app)
        app.before_request(lambda: work.begin(None))
        plp = Blueprint("plp", __name__, url_prefix="/plp")
        oidc_views.register(plp)
        app.register_blueprint(plp)
        return app

    # --- data --------------------------------------------------------------------------------------------------

    def make(self, slug: str) -> Party:
        """A cabinet with an adviser, signed in, and the partner registered under an active mandate."""
        with db.session(None) as session:
            cabinet = cabinets.add_cabinet(session, slug=slug, name=f"Cabinet {slug}")
            user = User(
                cabinet_id=cabinet.id, email=f"a@{slug}.example", display_name="Camille Dupont", role="CONSEILLER",
                password_hash="-",
            )  # fmt: skip
            chief = User(
                cabinet_id=cabinet.id, email=f"b@{slug}.example", display_name="Ada Min", role="ADMINISTRATEUR",
                password_hash="-",
            )  # fmt: skip
            session.add_all([user, chief])
            session.flush()
            handle, mandate, client = (f"{head}_{secrets.token_urlsafe(16)}" for head in ("adv", "mdt", "cl"))
            session.add(Enabling(plugin="nomineo", enabled=True))
            session.add(
                OidcClient(client_id=client, cabinet_id=cabinet.id, kind="partner", name="N", redirect_uris=[REDIRECT])
            )
            session.add(
                Registration(plugin="nomineo", sheet=self.sheet(), client_id=client, endpoint_id="ep", broker_code="C1")
            )
            session.add(Enrolment(plugin="nomineo", user_id=user.id, handle=handle, state="enrolled"))
            scopes = ["capabilities", "status", "launch:arbitrage", "launch:consultation"]
            advisers = [{"sub": handle, "display": "Camille Dupont"}]
            content = {"scopes": scopes, "advisers": advisers, "broker_code": "C1", "mandate": mandate}
            session.add(
                Mandate(
                    plugin="nomineo", reference=mandate, state="active", partner_state="active", version=1,
                    content=content, active_from=now() - timedelta(days=1),
                )
            )  # fmt: skip
            company = Company(id=new_id(), code="generali", name="Generali")
            session.add(company)
            session.flush()
            account = Account(
                id=new_id(), envelope="ASSURANCE_VIE", number="HIM 001", number_key="HIM001", title="t",
                company_id=company.id, depositary_id=company.id,
            )  # fmt: skip
            session.add(account)
            session.flush()
            found = cabinet.id, user.id, account.id
        return Party(found[0], slug, found[1], client, mandate, handle, found[2], self.sign_in(found[0], found[1]))

    def sheet(self) -> dict[str, Any]:
        return {
            "partner_id": "nomineo", "base_url": "http://localhost:8010/plp/v1", "jkt": [self.key.kid],
            "jwks_uri": "http://localhost:8010/plp/jwks.json", "initiate_login_uri": "http://localhost:8010/plp/initiate",
            "redirect_uris": [REDIRECT], "keys_statement_uri": "http://localhost:8010/plp/keys-statement",
        }  # fmt: skip

    def sign_in(self, cabinet_id: int, user_id: str, amr: list[str] | None = None) -> str:
        """A signed-in session; its cookie's value."""
        sid = secrets.token_urlsafe(32)
        with db.session(None) as session:
            session.add(
                SessionRow(
                    sid_hash=hashed(sid), user_id=user_id, cabinet_id=cabinet_id, amr=amr or ["pwd"], data={},
                    auth_time=now() - timedelta(minutes=5), expires_at=now() + timedelta(hours=1),
                )
            )  # fmt: skip
        return sid

    def launch(self, party: Party | None = None, *, act: str = "arbitrage", **claims: Any) -> str:
        """A launch as `core.links.launch` writes it; its id."""
        who = party or self.party
        launch_id = f"lch_{secrets.token_urlsafe(16)}"
        with db.session(who.cabinet_id) as session:
            transaction = None
            if act != "consultation":
                transaction = Transaction(
                    id=new_id(), account_id=who.account_id, reference=f"txn_{secrets.token_urlsafe(16)}",
                    plugin="nomineo", origin="PARTENAIRE", act=act, act_label="Arbitrage", nature="arbitrage",
                    status="initiated", status_label="Préparée", status_at=now(), initiated_by=who.user_id,
                )  # fmt: skip
                session.add(transaction)
                session.flush()
            said = {
                "interaction_id": "0b9f6a52-3c9e-4a3b-9a53-1d5f3f1f9b11", "handle": who.handle,
                "transaction_ref": transaction.reference if transaction else None,
                "account": {"scheme": "contract-number", "ref": "HIM001"}, "display": "Camille Dupont",
                "broker_code": "C1", "decision_id": None, "prefill": None, "locale": "fr-FR", "back": "/", **claims,
            }  # fmt: skip
            session.add(
                Launch(
                    launch_id=launch_id, form=secrets.token_urlsafe(16), plugin="nomineo", mandate=who.mandate,
                    account_id=who.account_id, transaction_id=transaction.id if transaction else None,
                    user_id=who.user_id, sid_hash=hashed(who.sid), handle=who.handle, act=act, claims=said,
                    expires_at=now() + timedelta(seconds=120),
                )
            )  # fmt: skip
        return launch_id

    def row(self, launch_id: str, party: Party | None = None) -> Launch:
        with db.session((party or self.party).cabinet_id, write=False) as session:
            return session.scalars(select(Launch).where(Launch.launch_id == launch_id)).one()

    def status(self, launch_id: str) -> str | None:
        """The status of the launch's transaction."""
        with db.session(self.party.cabinet_id, write=False) as session:
            found = select(Transaction.status).join(Launch, Launch.transaction_id == Transaction.id)
            return session.scalars(found.where(Launch.launch_id == launch_id)).one()

    def count(self, table: Any) -> int:
        with db.session(self.party.cabinet_id, write=False) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    # --- authorize ---------------------------------------------------------------------------------------------

    def params(self, launch_id: str, party: Party | None = None, **changes: str | None) -> Params:
        """The request of PLP-064; a change to None leaves the parameter out."""
        who = party or self.party
        values: dict[str, str | None] = {
            "response_type": "code", "scope": "openid plp", "client_id": who.client_id, "redirect_uri": REDIRECT,
            "state": "s" * 20, "nonce": "n" * 20, "code_challenge": CHALLENGE, "code_challenge_method": "S256",
            "prompt": "none", "login_hint": who.handle, "plp_message_hint": launch_id, **changes,
        }  # fmt: skip
        return [(name, value) for name, value in values.items() if value is not None]

    def browser(self, sid: str | None) -> FlaskClient:
        client = self.app.test_client()
        if sid is not None:
            client.set_cookie(COOKIE, sid, domain="127.0.0.1")
        return client

    def authorize(self, params: Params, sid: str | None = "", **options: Any) -> TestResponse:
        """The browser's request; `sid=""` is the first party's session, None is no cookie."""
        client = self.browser(self.party.sid if sid == "" else sid)
        return client.get("/plp/authorize", query_string=params, base_url=BASE, **options)

    def code(self, launch_id: str, party: Party | None = None, **changes: str | None) -> str:
        who = party or self.party
        answer = query(self.authorize(self.params(launch_id, who, **changes), who.sid))
        assert "code" in answer, answer
        return answer["code"]

    # --- token -------------------------------------------------------------------------------------------------

    def assertion(
        self, party: Party | None = None, *, key: PartnerKey | None = None, header: dict[str, Any] | None = None,
        **changes: Any,
    ) -> str:  # fmt: skip
        """A client assertion by PyJWT; a change to None leaves the claim out."""
        who, signer = party or self.party, key or self.key
        claims = {
            "iss": who.client_id, "sub": who.client_id, "aud": f"{BASE}/plp/{who.slug}", "iat": epoch(),
            "exp": epoch() + 60, "jti": secrets.token_urlsafe(16), **changes,
        }  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": "ES256", "kid": signer.kid, "typ": "JWT", **(header or {})}
        return compact(signer, head, json.dumps(kept).encode())

    def form(self, code: str, party: Party | None = None, **changes: str | None) -> dict[str, str]:
        who = party or self.party
        values: dict[str, str | None] = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER,
            "client_id": who.client_id, "client_assertion_type": ASSERTION_TYPE, **changes,
        }  # fmt: skip
        if "client_assertion" not in changes:
            values["client_assertion"] = self.assertion(who)
        return {name: value for name, value in values.items() if value is not None}

    def token(self, form: Any, **options: Any) -> TestResponse:
        return self.app.test_client().post("/plp/token", data=form, base_url=BASE, **options)

    def claims(self, answer: TestResponse) -> dict[str, Any]:
        """The ID Token's claims, verified by PyJWT against our JWKS."""
        assert answer.status_code == 200, answer.get_data(as_text=True)
        token = answer.get_json()["id_token"]
        keys = self.app.test_client().get("/plp/demo/jwks.json", base_url=BASE).get_json()
        key = pyjwt.PyJWK(next(k for k in keys["keys"] if k["kid"] == pyjwt.get_unverified_header(token)["kid"]))
        return pyjwt.decode(
            token, key, ["ES256"], audience=self.party.client_id, issuer=f"{BASE}/plp/demo",
            options={"verify_iat": False, "verify_exp": False},
        )  # fmt: skip


def compact(key: PartnerKey, header: dict[str, Any], payload: bytes) -> str:
    """A compact JWS of these exact bytes; None in the header leaves the member out."""
    kept = {name: value for name, value in header.items() if value is not None}
    parts = [_b64(json.dumps(kept).encode()), _b64(payload)]
    signature = pyjwt.get_algorithm_by_name("ES256").sign(".".join(parts).encode(), key.private)
    return ".".join([*parts, _b64(signature)])


def query(answer: TestResponse) -> dict[str, str]:
    """The parameters of a redirect to the partner, each once."""
    assert answer.status_code == 302, (answer.status_code, answer.get_data(as_text=True)[:300])
    assert answer.location.startswith(f"{REDIRECT}?"), answer.location
    found = parse_qs(urlsplit(answer.location).query, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values()), found
    return {name: values[0] for name, values in found.items()}


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
