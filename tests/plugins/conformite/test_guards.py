"""What an act meets where a holder's profile is missing or has expired: the cabinet's policy (CO-02, BL-10, NX-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts import services as accounts
from core.db import current
from core.db.clock import today
from core.db.session import TenantSession
from core.extensions import db
from core.hooks import context
from core.hooks import settings
from core.hooks.hub import Hub
from core.hooks.types import AccountAction
from core.hooks.types import Adviser
from core.hooks.types import Guard
from core.links import acts
from core.links import launch
from plugins.conformite import profile_writes
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from tests.conftest import person
from tests.plugins.conformite.conftest import Home

ACTS = tuple(
    AccountAction(code, code, nature=nature)
    for code, nature in (("arbitrage", "arbitrage"), ("rachat_total", "rachat"), ("clause_beneficiaire", "beneficiaire"))
)


def said(hub: Hub, session: TenantSession, home: Home) -> dict[str, Guard]:
    by = person(session, home.adviser)
    ctx, ref = context.make(session, hub.registry, principal=by), accounts.get_ref(session, by, home.account)
    with current.bound(session):
        return acts.guarded(hub, ctx, session, ref, ACTS, in_place=True)


def choose(hub: Hub, session: TenantSession, **values: str) -> None:
    plugin = hub.registry.plugins["conformite"]
    kept = {"validity": "12", "notice": "30", "expired": "AVERTIR", "lacking": "IGNORER", **values}
    settings.save(session, plugin, kept, actor="cli")


def establish(session: TenantSession, by: Adviser, contact: str, days: int = 0) -> None:
    profile_writes.establish(session, by, contact, answers(BALANCED, SOME), months=12, on=today() - timedelta(days=days))


def test_the_cabinet_s_policy(hub: Hub, home: Home) -> None:
    """CO-02: nothing is said of a missing profile until the cabinet says so; an expired one warns; a block wins; one holder is
    enough; acts that follow from no advice stay open; the remedy leads to that holder's profile."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        assert said(hub, session, home) == {}
        choose(hub, session, lacking="AVERTIR")
        found = said(hub, session, home)
        assert {act: one.level for act, one in found.items()} == {"arbitrage": "warn", "rachat_total": "warn"}
        establish(session, by, home.jeanne)
        assert said(hub, session, home)["arbitrage"].remedy_url == f"/p/conformite/contacts/{home.paul}/profil"
        establish(session, by, home.paul, days=400)
        one = said(hub, session, home)["arbitrage"]
        assert (one.level, one.code, "a expiré le" in one.text) == ("warn", "local_policy", True)
        choose(hub, session, expired="BLOQUER")
        one = said(hub, session, home)["rachat_total"]
        assert (one.level, one.remedy) == ("block", "Établir le profil investisseur")
        shown = acts.merged(ACTS[0], one)
        assert (shown.enabled, shown.reason, shown.remedy_url) == (False, one.text, one.remedy_url)
        choose(hub, session, expired="IGNORER")
        assert said(hub, session, home) == {}
        choose(hub, session, expired="BLOQUER")
        establish(session, by, home.paul)
        assert said(hub, session, home) == {}


def test_a_launch_asks_again(hub: Hub, home: Home) -> None:
    """CO-02, BL-11: in the launch's own transaction a block refuses, a warning asks for a reason and passes with one."""
    with db.session(home.cabinet_id) as session:
        by = person(session, home.adviser)
        establish(session, by, home.jeanne, days=400)
        ctx, ref = context.make(session, hub.registry, principal=by), accounts.get_ref(session, by, home.account)
        with current.bound(session):
            with pytest.raises(launch.ReasonNeeded, match="a expiré"):
                launch.check(hub, ctx, session, ref, ACTS[0], " ")
            launch.check(hub, ctx, session, ref, ACTS[0], "Profil renouvelé ce jour, en cours de saisie")
        choose(hub, session, expired="BLOQUER")
        ctx = context.make(session, hub.registry, principal=by)
        with current.bound(session), pytest.raises(launch.Refused, match="Établir le profil"):
            launch.check(hub, ctx, session, ref, ACTS[0], "Quand même")
