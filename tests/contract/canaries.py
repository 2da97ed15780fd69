"""Canaries: words that only the second cabinet holds, and somebody of the first who looks everywhere for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import String
from sqlalchemy import select
from sqlalchemy import update

from core.accounts import services as accounts
from core.accounts.reindex import reindex
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.contacts import channels
from core.contacts import services as contacts
from core.db.clock import today
from core.db.model import INSTANCE_TABLES
from core.db.model import KEYED
from core.db.model import Base
from core.db.model import new_id
from core.db.session import TenantSession
from core.db.walls import JOURNAL
from core.extensions import db
from core.live import events
from core.shell.notifications import notify
from tests.contract import api_walk
from tests.contract import two_cabinets as two
from tests.contract.rights_world import CLIENTS
from tests.contract.rights_world import NUMBERS
from tests.contract.rights_world import World
from tests.contract.test_rights_matrix import GROUPS
from tests.contract.test_rights_matrix import rules
from tests.contract.test_rights_matrix import values
from tests.core.rest.desk import ROOT
from tests.core.rest.desk import sent
from tests.core.rest.desk import token_of

WORD = "canari7f3a"
#: The name of the client that calls the API with a token of the first cabinet's administrator.
PROGRAM = "program"
#: Columns whose words are the product's own, or keys: a canary in them would break the cabinet that holds it.
KEPT = (two.OUR_WORDS - {"title", "label", "company_name", "agent", "act_label"}) | {
    "act", "form", "handle", "hash", "key", "launch_id", "mandate", "number_key", "owner", "owner_id", "password_hash",
    "payload_hash", "previous", "ref", "reference", "reason_code", "rights", "sha256", "sid_hash", "source", "subject",
    "subject_id", "url", "media_type", "code",
}  # fmt: skip


def plant(world: World) -> None:
    """A canary in every free text of the second cabinet; its words are found there by its own search."""
    number, foreign = world.strangers.cabinet_id, world.clients["foreign"]
    planted: set[str] = set()
    with db.session(None) as session:
        session.execute(update(Cabinet).where(Cabinet.id == number).values(name=f"Second {WORD}"))
        session.execute(update(User).where(User.cabinet_id == number).values(display_name=User.display_name + f" {WORD}"))
    program = world.browsers[PROGRAM] = world.app.test_client()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_of(world.people.cabinet_id, world.users['ADMINISTRATEUR'])}"
    with db.session(number) as session:
        _more(session, world, foreign.contact)
        events.publish(session, "essai", {"text": WORD})
        for table in Base.metadata.sorted_tables:
            if table.name in INSTANCE_TABLES or table.name in JOURNAL or table.name.startswith("search_"):
                continue
            for column in table.columns:
                long = isinstance(column.type, String) and (column.type.length or 1000) >= 40
                if not long or column.name in KEPT or column.name.endswith("_id"):
                    continue
                done = session.execute(
                    update(table).where(table.c.cabinet_id == number, column.is_not(None)).values({column: column + f" {WORD}"})
                )
                planted |= {f"{table.name}.{column.name}"} if done.rowcount else set()  # type: ignore[attr-defined]
        reindex(session)
    assert planted >= PLANTED, PLANTED - planted


#: Where there must be one at least: what pages show of a client, of an account, of an act.
PLANTED = {
    "account.title", "agency.name", "company.name", "contact.display_name", "contact.employer", "contact.remarks",
    "contact_address.street", "contact_bank.holder", "contact_email.email", "document.title", "movement.label",
    "notification.text", "notification.title", "product.name", "profile.label", "support.label", "transaction.act_label",
}  # fmt: skip


def _more(session: TenantSession, world: World, contact: str) -> None:
    """What the other clients of the world do without."""
    account = world.clients["foreign"].account
    contacts.update(session, "cli", contact, {"employer": "Filature", "remarks": "Préfère le matin", "profession": "Notaire"})
    for kind, values_ in (
        ("address", {"street": "3 rue Secrète", "city": "Metz", "postal_code": "57000", "country": "FR"}),
        ("email", {"email": "secret@second.example"}), ("bank", {"iban": "FR7630006000011234567890189", "holder": "Y"}),
    ):  # fmt: skip
        usage = next(iter(channels.KINDS[kind].usages))
        channels.add(session, "cli", contact, kind, {"usage": usage, **values_})
    accounts.add_movement(
        session, "cli", account, on=today(), kind="VERSEMENT", label="Versement", amount=Decimal(5), source="essai"
    )
    notify(session, [world.strangers.adviser], kind="x", key="k", title="Titre", text="Texte", about=("contact", contact))
    agencies.add(session, "cli", "Metz")
    profiles.define(session, "cli", code="METZ", label="Metz", rights=["contacts.view"])


def ids(world: World) -> frozenset[str]:
    """Every key of the second cabinet's rows."""
    number, found = world.strangers.cabinet_id, set()
    with db.session(number, write=False) as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in (*INSTANCE_TABLES, *KEYED):
                found |= set(session.scalars(select(table.c.id).where(table.c.cabinet_id == number)))
    return frozenset(found)


def seen(text: str, known: frozenset[str], *, sent: tuple[str, ...] = ()) -> list[str]:
    """The canaries in an answer; what the asker sent himself tells him nothing."""
    for mine in sorted(sent, key=len, reverse=True):
        text = text.replace(mine, " ")
    words = [word for word in (WORD, CLIENTS["foreign"], NUMBERS["foreign"]) if word in text]
    return words + sorted(set(re.findall(r"\b[0-9a-z]{26}\b", text)) & known)


def walk(world: World, profile: str = "ADMINISTRATEUR") -> Iterator[tuple[str, int, str, tuple[str, ...]]]:
    """Every route with the second cabinet's ids and with one's own, every list and search, pages of errors.

    Gives: what was asked, the status, what was said, what was sent.
    """
    browser = world.browser(profile)
    token = two.token_of(browser)
    adapter = world.app.url_map.bind("127.0.0.1:8000")
    foreign = world.clients["foreign"]
    for whose in ("foreign", "own"):
        for rule, method in rules(world.app):
            if method != "GET" and whose == "own":
                continue
            named = values(world, rule, profile, whose)
            url = adapter.build(rule.endpoint, named)
            sent = {"csrf_token": token, "contact": foreign.contact, "once": foreign.contact, "q": WORD, "launch": "lch_x"}
            if "token" not in sent and rule.endpoint == "links.launch":
                sent["token"] = world.form(profile, "foreign")
            yield _said(browser, method, url, sent, tuple(named.values()))
    for word in (WORD, CLIENTS["foreign"], NUMBERS["foreign"], "jeanne", "himalia"):
        for path in ("/recherche", "/p/contacts/", "/p/portefeuille/comptes", *(f"/recherche/{key}" for key in GROUPS)):
            yield _said(browser, "GET", path, {"q": word}, ())
    for path in ("/live", "/live/stream"):
        yield _said(browser, "GET", path, {"after": "0"}, ())
    for path in (f"/{WORD}", "/p/contacts", f"/p/contacts/{foreign.contact}/aucune", "/p/aucun/"):
        yield _said(browser, "PATCH" if path == "/p/contacts" else "GET", path, {}, (path,))
    yield from _by_program(world)


def _by_program(world: World) -> Iterator[tuple[str, int, str, tuple[str, ...]]]:
    """The same by the API: every operation with the second cabinet's ids, every list of one's own."""
    foreign, organisation = world.clients["foreign"], world.organisation[1]
    named = {
        "contact_id": foreign.contact, "account_id": foreign.account, "transaction_id": foreign.transaction,
        "document_id": foreign.document, "support_id": foreign.support, "channel_id": foreign.contact,
        "user_id": world.strangers.adviser, "agency_id": organisation[0], "profile_id": organisation[1],
        "entry_id": organisation[2], "number_id": foreign.number,
        **dict(zip(("field_id", "category_id", "label_id"), world.defined[1], strict=True)),
        "relation_id": foreign.contact, "member_id": foreign.contact, "paper_id": foreign.document,
        "internal_id": foreign.owned["internal_id"], "own_category_id": foreign.owned["own_category_id"],
    }  # fmt: skip
    for shot in api_walk.shots(world.app, named):
        if set(shot.operation.arguments) <= {"plugin", "partner", "kid"} and shot.operation.method != "GET":
            continue  # it would change one's own cabinet, and say nothing of another
        answer = world.browsers[PROGRAM].open(
            ROOT + shot.path, method=shot.operation.method, headers={"Idempotency-Key": new_id()}, **sent(shot.body)
        )
        asked = (shot.path, *named.values())
        yield f"{shot.operation.method} {shot.path}", answer.status_code, two.text_of(answer), asked


def _said(
    browser: FlaskClient, method: str, url: str, sent: dict[str, str], named: tuple[str, ...]
) -> tuple[str, int, str, tuple[str, ...]]:
    answer = browser.open(url, method=method, **({"query_string": sent} if method == "GET" else {"data": sent}))  # type: ignore[arg-type]
    asked = (url, str(answer.request.query_string, "ascii"), *named, *sent.values())
    return f"{method} {url}", answer.status_code, two.text_of(answer), asked
