"""PL-02: the hooks' reference is made from the code, says everything, and its examples run."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.clock import now
from core.db.clock import today
from core.extensions import db
from core.hooks import context
from core.hooks import enabling
from core.hooks.happenings import TransactionStatusChanged
from core.hooks.hub import Hub
from core.hooks.journeys import Attached
from core.hooks.messages import EmailAddress
from core.hooks.messages import Message
from core.hooks.messages import MessageContact
from core.hooks.messages import MessageFile
from core.hooks.portfolios import PortfolioAsked
from core.hooks.registry import Registry
from core.hooks.results import Failure
from core.hooks.specs import Plugin
from core.hooks.specs import specs
from core.hooks.types import AccountRef
from core.hooks.types import Adviser
from core.hooks.types import Context
from core.hooks.types import Intent
from core.hooks.types import PartnerState
from core.hooks.types import SearchHits
from core.hooks.types import TransactionRef
from core.http.partner import Answer
from core.http.partner import PartnerHttp
from core.shell.models import Notification
from tests.conftest import People

ROOT = Path(__file__).parent.parent.parent
ACCOUNT = AccountRef(
    id="a1", cabinet_id=1, number="EXV00000001", title="Horizon", envelope="ASSURANCE_VIE", envelope_label="Assurance-vie",
    state="OUVERT", company="Example Vie", company_code="example-vie", product=None, currency="EUR",
    value=Decimal("1000.00"), value_on=today(), plugin="exemple", pledged=True,
)  # fmt: skip
TRANSACTION = TransactionRef(
    id="t1", reference="txn_1", account_id="a1", plugin="exemple", origin="PARTENAIRE", act="rachat_partiel",
    act_label="Rachat partiel", nature="rachat", status="pending", status_label="En attente", status_at=now(),
    reason_text=None, partner_ref="EV-1", amount=None, currency="EUR", created_at=now(),
)  # fmt: skip
REACHED = MessageContact("c1", "Jeanne Durand", "PERSONNE_PHYSIQUE", (EmailAddress("j@exemple.fr", primary=True, agreed=True),))
STATEMENT = MessageFile("d1", "releve.pdf", "application/pdf", 9, "0" * 64, lambda: b"%PDF-1.4\n")
#: What a hook is called with, by the type of the argument. A new type needs a sample here.
SAMPLES: dict[str, Any] = {
    "AccountRef": ACCOUNT, "Sequence[AccountRef]": [ACCOUNT], "Sequence[TransactionRef]": [TRANSACTION],
    "Sequence[str]": ["c1", "c2"], "date": date(2026, 11, 26),
    "Mapping[str, str]": {"rachat_partiel": "rachat", "arbitrage": "arbitrage"},
    "int": 3, "str": "montant", "Mapping[str, Any]": {"amount": Decimal("500.00")},
    "Mapping[str, Attached]": {"rib": Attached("rib", "rib.pdf", "application/pdf", 9, "0" * 64, lambda: b"%PDF-1.4\n")},
    "Intent": Intent("launch-1", "txn_1", "arbitrage", {"act": "arbitrage"}),
    "MessageContact": REACHED,
    "Message": Message("msg_1", REACHED, "email", "j@exemple.fr", "Votre relevé", "Bonjour.", (STATEMENT,)),
    "PortfolioAsked": PortfolioAsked(since=date(2026, 10, 1), mark='"m1"'),
    "Event": TransactionStatusChanged("t1", "txn_1", "a1", "pending", "rejected", "Refusé"),
}  # fmt: skip


def loaded(path: str) -> ModuleType:
    """A file of the repository that is no package's, as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return loaded("scripts/hooks_reference.py")


@pytest.fixture(scope="module")
def examples() -> ModuleType:
    return loaded("docs/examples/hooks.py")


def test_the_committed_page_is_what_the_script_makes(reference: ModuleType) -> None:
    """Run `python scripts/hooks_reference.py` where this fails."""
    assert reference.PAGE.read_text("utf-8") == reference.page()


@pytest.mark.parametrize("hook", specs())
def test_a_hook_says_everything(reference: ModuleType, hook: str) -> None:
    """When it is called, what each argument is, what it returns, what happens if it fails, an example, a family, a user."""
    words = reference.words_of(hook)
    said = {"text": words.text, "when": words.when, "returns": words.returns, "fails": words.fails, **words.arguments}
    assert [part for part, text in said.items() if not text] == []
    assert reference.families()[hook]
    assert f"def {hook}(" in reference.example_of(hook)
    assert reference.users_of(hook)
    page = reference.page()
    assert f"### `{hook}`" in page
    for argument in reference.arguments_of(hook):
        assert f"| `{argument}` |" in page[page.index(f"### `{hook}`") :]


def test_each_field_has_its_words(reference: ModuleType) -> None:
    """The types of core.api.types: the word beside each field."""
    wordless = [
        f"{name}.{one.name}" for name, cls in reference.types().items() for one in fields(cls)
        if not reference.field_words(cls).get(one.name)
    ]  # fmt: skip
    assert wordless == []


def test_what_is_missing_is_noticed(reference: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook whose docstring forgets an argument, its call or its failure has gaps, which the test above finds."""

    def thin(self: Any, ctx: Context, account: AccountRef) -> None:
        """Only this."""

    monkeypatch.setattr(Plugin, "account_actions", thin)
    words = reference.words_of("account_actions")
    assert (words.when, words.arguments, words.returns, words.fails) == ("", {"account": ""}, "", "")


@pytest.fixture
def ready(app: Flask, people: People, hub: Hub, examples: ModuleType) -> Context:
    """The example installed and enabled; the context of an adviser."""
    hub.registry.register("exemple", examples.ExamplePlugin)
    assert hub.registry.broken == []
    with db.session(people.cabinet_id) as session:
        enabling.switch(session, hub.registry, "exemple", on=True, actor="cli")
        made = context.make(session, hub.registry, principal=Adviser("u", people.cabinet_id, "A", "a@b.fr", "X", frozenset()))
    object.__setattr__(made, "partners", lambda: {"exemple": PartnerState("active")})
    return made


@pytest.mark.parametrize("hook", specs())
def test_the_example_runs(
    reference: ModuleType, ready: Context, hub: Hub, people: People, monkeypatch: pytest.MonkeyPatch, hook: str
) -> None:
    """Called by the hub as the product calls it; what comes back is of the promised type, and not empty."""
    monkeypatch.setattr(PartnerHttp, "request", lambda *_args, **_more: Answer(201, {}, b'{"number": "EV-2"}'))
    spec, function = specs()[hook], getattr(Plugin, hook)
    arguments = [SAMPLES[text] for text in reference.arguments_of(hook).values()]
    if spec.kind == "notify":
        assert hub.notify(ready, *arguments) == ()
        with db.session(people.cabinet_id, write=False) as session:
            titles = session.scalars(select(Notification.title)).all()
        assert titles == ["Une transaction a été refusée"]
        return
    found = hub.ask("exemple", function, ready, *arguments)
    assert found
    items = found.values() if isinstance(found, Mapping) else found if isinstance(found, Sequence) else [found]
    assert all(isinstance(item, spec.item) for item in items)


def test_the_example_s_search_answers(ready: Context, hub: Hub) -> None:
    """What the group of the quick search promises."""
    provider = hub.ask("exemple", Plugin.search_providers, ready)[0]
    answer = hub.call("exemple", "search", provider.search, SearchHits, ready, "nan", 5)
    assert not isinstance(answer, Failure)
    assert [hit.title for hit in answer.hits] == ["Nantes"]


def test_the_example_loads_alone(examples: ModuleType) -> None:
    """As a third party's would."""
    registry = Registry()
    registry.register("exemple", examples.ExamplePlugin)
    assert registry.broken == []


def test_the_examples_are_type_checked() -> None:
    """mypy strict takes them: `make check` runs it over the same files; here over this one alone."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "docs/examples"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "docs/examples" in (ROOT / "setup.cfg").read_text("utf-8")
