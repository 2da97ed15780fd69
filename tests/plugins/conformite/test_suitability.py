"""A portfolio beside the profiles of its holders, in the audit (PF-07)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.accounts import services as accounts
from core.accounts.schemas import NewPosition
from core.db.clock import today
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports import services as supports
from plugins.conformite import profile_writes
from plugins.conformite import suitability
from plugins.conformite.demo import BALANCED
from plugins.conformite.demo import DYNAMIC
from plugins.conformite.demo import FEW
from plugins.conformite.demo import MANY
from plugins.conformite.demo import PRUDENT
from plugins.conformite.demo import SOME
from plugins.conformite.demo import answers
from tests.conftest import person
from tests.plugins.conformite.conftest import Home

Work = tuple[TenantSession, Adviser]


def test_risk_and_knowledge_of_the_day(work: Work, home: Home) -> None:
    """PF-07, CO-03: supports above the profile's SRI and placements that the holder does not know, each holder by the profile
    he had that day; who has none is judged by nothing; another adviser's client is told nothing."""
    session, by = work
    made = []
    for isin, label, kind, sri, value in (
        ("FR0010315770", "Fonds vif", "OPCVM", 5, 1000), ("FR0010135103", "Fonds calme", "OPCVM", 3, 2000),
        ("FR0000120271", "Action", "ACTION", 6, 500),
    ):  # fmt: skip
        support = supports.support_for(session, isin=isin, label=label, type=kind)
        session.get_one(suitability.book.Support, (home.cabinet_id, support)).sri = sri
        made.append(NewPosition(support_id=support, value=Decimal(value), quantity=None, price=None))
    accounts.put_positions(session, "cli", home.account, today() - timedelta(days=90), made, "essai")
    ref = accounts.get_ref(session, by, home.account)
    assert suitability.findings(session, by, [ref], today()) == []
    on = today() - timedelta(days=60)
    profile_writes.establish(session, by, home.jeanne, answers(PRUDENT, FEW), months=12, on=on)
    profile_writes.establish(session, by, home.paul, answers(BALANCED, SOME), months=12)
    found = suitability.findings(session, by, [ref], today() - timedelta(days=30))
    assert [(one.key, [line.label for line in one.lines]) for one in found] == [
        ("risque_profil", ["Fonds vif", "Action"]), ("connaissance_profil", ["Action"]),
    ]  # fmt: skip
    assert "SRI 3 au plus. 1\u202f500,00\u00a0€ sont au-dessus." in found[0].text
    assert found[0].values == {"contact_id": home.jeanne}
    both = suitability.findings(session, by, [ref], today())
    assert [(one.key, one.values["contact_id"]) for one in both] == [
        ("risque_profil", home.jeanne), ("connaissance_profil", home.jeanne), ("risque_profil", home.paul),
    ]  # fmt: skip
    profile_writes.establish(session, by, home.jeanne, answers(DYNAMIC, MANY), months=12)
    keys = [(one.key, one.values["contact_id"]) for one in suitability.findings(session, by, [ref], today())]
    assert ("connaissance_profil", home.jeanne) not in keys
    assert suitability.findings(session, person(session, home.other), [ref], today()) == []
