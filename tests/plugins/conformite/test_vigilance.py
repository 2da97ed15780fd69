"""Vigilance as it is written and read: lists, assessments, four eyes, operations, the map, situations (CO-05)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy import update

from core.accounts import by_hand
from core.api import queries
from core.cabinets.models import AuditEntry
from core.contacts import merging
from core.contacts import services as contacts
from core.contacts.models import Contact
from core.contacts.schemas import NewContact
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.finance.terms import due_on
from core.hooks import context
from core.hooks.hub import Hub
from core.hooks.types import Adviser
from core.shell.models import Notification
from plugins.conformite import situation
from plugins.conformite.demands import Demands
from plugins.conformite.vigilance import assessments
from plugins.conformite.vigilance import cartography
from plugins.conformite.vigilance import lists
from plugins.conformite.vigilance import writes
from plugins.conformite.vigilance.models import Assessment
from tests.conftest import People
from tests.conftest import person
from tests.plugins.conformite.conftest import Home
from tests.plugins.conformite.test_situation import WHOLE
from tests.plugins.conformite.test_situation import establish
from tests.plugins.conformite.vigil import COMPANY
from tests.plugins.conformite.vigil import MONTHS
from tests.plugins.conformite.vigil import PLAIN
from tests.plugins.conformite.vigil import PPE
from tests.plugins.conformite.vigil import SIMPLE_OPERATION
from tests.plugins.conformite.vigil import assess
from tests.plugins.conformite.vigil import bring_all

Work = tuple[TenantSession, Adviser]
KNOWN = {"nationality": "FR", "birth_country": "FR", "tax_country": "FR"}


def manager(session: TenantSession, people: People) -> Adviser:
    return person(session, people.administrator)


def test_lists_are_imports_with_their_history(work: Work, people: People) -> None:
    """CO-05: codes or French names, pasted or in columns; what cannot be read is refused with its line and nothing is kept; the
    last list of a name is in force, by its own date; who may not validate does not import."""
    session, by = work
    boss = manager(session, people)
    for text, wanted in {
        "IR, KP\nMM": ("IR", "KP", "MM"), "Code;Pays\nIR;Iran\nKP;Corée du Nord": ("IR", "KP"),
        "Iran\nCorée du Nord": ("IR", "KP"),
        "\ufeffir\r\n\r\n\"mm\"\t2024-10-25\n": ("IR", "MM"),
    }.items():  # fmt: skip
        assert lists.parse(text) == wanted, text
    wrong_texts = {"IR\nZZ": "Ligne 2", "IR, XX": "«\u202fXX\u202f»", "Atlantide": "Ligne 1", " \n": "au moins un pays"}
    for text, said in wrong_texts.items():
        with pytest.raises(DomainError, match=said):
            lists.bring(session, boss, "UE", dated_on=today(), source="Essai", text=text)
    assert lists.history(session) == []
    with pytest.raises(Forbidden):
        lists.bring(session, by, "UE", dated_on=today(), source="Essai", text="IR")
    good = {"code": "UE", "dated_on": today(), "source": "Essai", "text": "IR"}
    for field, wrong in {"code": "RIEN", "dated_on": today() + timedelta(days=1), "source": " "}.items():
        with pytest.raises(DomainError) as error:
            lists.bring(session, boss, **{**good, field: wrong})  # type: ignore[arg-type]
        assert error.value.field == field
    new = lists.bring(session, boss, "UE", dated_on=today() - timedelta(days=10), source="La nouvelle", text="IR")
    lists.bring(session, boss, "UE", dated_on=today() - timedelta(days=400), source="L'ancienne, importée après", text="KP")
    assert (lists.current(session)["UE"].id, len(lists.history(session))) == (new, 2)
    assert lists.current(session)["UE"].old(today(), 6) is False
    assert lists.get(session, new).names == ("Iran",)
    assert lists.history(session)[1].old(today(), 6) is True


def test_the_file_and_the_lists_weigh(work: Work, home: Home, people: People) -> None:
    """CO-05: without lists «non vérifié» and no simplified level; a nationality, an address or where funds come from that a list
    names weighs; a list that is imported later does not change what was assessed."""
    session, by = work
    session.execute(update(Contact).where(Contact.id == home.jeanne).values(**KNOWN))
    first = assessments.get(session, by, assess(session, by, home.jeanne, PLAIN))
    assert (first.level, len(first.score.unverified)) == ("STANDARD", 4)
    bring_all(session, manager(session, people))
    second = assessments.get(session, by, assess(session, by, home.jeanne, PLAIN))
    assert (second.level, second.score.unverified) == ("SIMPLIFIEE", ())
    assert second.facts["envelopes"] == ["ASSURANCE_VIE"]
    session.execute(update(Contact).where(Contact.id == home.jeanne).values(more_nationalities=("CH", "IR")))
    third = assessments.get(session, by, assess(session, by, home.jeanne, PLAIN))
    assert (third.level, third.score.forced) == ("RENFORCEE", "RENFORCEE")
    assert [one.detail for one in third.score.reasons if one.code == "PAYS_UE"] == ["IR"]
    funds = assessments.get(session, by, assess(session, by, home.paul, {**PLAIN, "pays_fonds": "KP"}))
    assert "PAYS_GAFI_NOIRE" in {one.code for one in funds.score.reasons}
    assert any("nationalité" in text for text in funds.score.unverified)
    assert assessments.get(session, by, first.id) == first
    company = assessments.get(session, by, assess(session, by, home.company, COMPANY))
    assert any("adresse" in text for text in company.score.unverified)


def test_what_is_retained(work: Work, home: Home) -> None:
    """CO-05: a higher level freely, a lower one with a reason, never below what is forced; a later day takes the place, an
    earlier one is refused; the review follows the level; each is in the journal; a household has none."""
    session, by = work
    higher = assessments.get(session, by, assess(session, by, home.jeanne, PLAIN, 3, level="RENFORCEE"))
    assert (higher.computed, higher.level, higher.reason, higher.needs) == ("STANDARD", "RENFORCEE", "", True)
    for more, field in (
        ({"level": "SIMPLIFIEE"}, "reason"), ({"level": "SIMPLIFIEE", "reason": "court"}, "reason"), ({"level": "RIEN"}, "level"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as error:
            assess(session, by, home.jeanne, PLAIN, **more)
        assert error.value.field == field
    with pytest.raises(DomainError, match="ne peut pas être abaissé"):
        assess(session, by, home.jeanne, PPE, level="STANDARD", reason="Une raison qui ne suffit pas ici.")
    lower = assess(session, by, home.jeanne, PLAIN, level="SIMPLIFIEE", reason="Client connu depuis trente ans.")
    found = assessments.get(session, by, lower)
    assert (found.level, found.review_on.year - found.assessed_on.year) == ("SIMPLIFIEE", 5)  # type: ignore[union-attr]
    with pytest.raises(DomainError, match="existe déjà"):
        assess(session, by, home.jeanne, PLAIN, 2)
    assert assess(session, by, home.jeanne, PLAIN, assessment_id=lower) == lower
    assert [one.id for one in assessments.of_contact(session, by, home.jeanne)] == [lower, higher.id]
    for answers, field in (
        ({**PLAIN, "pays_fonds": "ZZ"}, "pays_fonds"), ({**PLAIN, "ppe": "PEUT_ETRE"}, "ppe"),
        ({**PLAIN, "ppe": "OUI"}, "ppe_detail"),
        ({**PLAIN, "gel_le": "2999-01-01"}, "gel_le"), ({**PLAIN, "gel_source": "x" * 301}, "gel_source"), ({}, "ppe"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as error:
            assess(session, by, home.jeanne, answers)
        assert error.value.field == field
    with pytest.raises(Forbidden, match="chaque membre"):
        assess(session, by, home.household, PLAIN)
    with pytest.raises(NotFound):
        assess(session, by, home.stranger, PLAIN)
    session.execute(update(Assessment).where(Assessment.id == lower).values(facts={}))
    erased = assessments.get(session, by, lower)
    assert (erased.score.level, erased.score.reasons, erased.answers) == (erased.computed, (), ())
    assert "n'ont pas été gardées" in erased.score.because
    actions = [one.action for one in session.scalars(select(AuditEntry).where(AuditEntry.subject == f"contact:{home.jeanne}"))]
    assert actions.count("conformite.vigilance_assessed") == 2


def test_four_eyes(work: Work, home: Home, people: People) -> None:
    """CO-05: what is reinforced, or would be without a reason to lower it, waits for a second person with the right, who is not
    its author; validated once; a later assessment takes its place."""
    session, by = work
    boss = manager(session, people)
    one = assess(session, by, home.jeanne, PPE)
    assert assessments.get(session, by, one).validation == "A_VALIDER"
    (told,) = session.scalars(select(Notification)).all()
    assert (told.user_id, told.title) == (boss.user_id, "Vigilance à valider\u202f: Durand Alix")
    with pytest.raises(Forbidden, match="demande un droit"):
        writes.validate(session, by, one)
    own = assess(session, boss, home.paul, PPE)
    assert len(session.scalars(select(Notification)).all()) == 1
    with pytest.raises(Forbidden, match="seconde personne"):
        writes.validate(session, boss, own)
    assert writes.validate(session, boss, one) == home.jeanne
    done = assessments.get(session, by, one)
    assert (done.validation, done.validated_by) == ("VALIDEE", boss.name)
    assert session.scalars(select(Notification.read_at).where(Notification.id == told.id)).one() is not None
    writes.validate(session, boss, one)
    seen = select(AuditEntry).where(AuditEntry.action == "conformite.vigilance_validated")
    assert len(session.scalars(seen).all()) == 1
    cash = {**PLAIN, "activite": "SENSIBLE", "especes": "OUI", "canal": "DISTANCE"}
    lowered = assess(session, by, home.jeanne, cash, level="STANDARD", reason="Commerce de détail, caisse certifiée.")
    assert assessments.get(session, by, lowered).validation == "A_VALIDER"
    plain = assess(session, by, home.company, COMPANY)
    with pytest.raises(Conflict, match="aucune validation"):
        writes.validate(session, boss, plain)
    late = assess(session, by, home.jeanne, PPE)
    with pytest.raises(Conflict, match="plus récente"):
        writes.validate(session, boss, lowered)
    unread = select(Notification.key).where(Notification.read_at.is_(None))
    assert session.scalars(unread).all() == [f"vigilance:{late}"], "what was replaced waits no more"
    assert writes.validate(session, boss, late) == home.jeanne


def test_operations(work: Work, home: Home, people: People) -> None:
    """CO-05: an operation of one of the contact's accounts; sums over twelve months; a client who is reinforced makes it so."""
    session, by = work
    boss = manager(session, people)
    bring_all(session, boss)

    def operate(amount: str, answers: dict[str, str] | None = None, days: int = 0, **more: object) -> assessments.Judgement:
        given, on = {**SIMPLE_OPERATION, **(answers or {})}, today() - timedelta(days=days)
        made = writes.operate(session, by, home.jeanne, given, amount=Decimal(amount), on=on, **more)  # type: ignore[arg-type]
        return assessments.operation(session, by, made)

    assert operate("200000", days=900).points == 3
    assert operate("60000", days=330).points == 0
    first = operate("180000", days=320, account_id=home.account, about="Versement")
    assert (first.level, first.points, first.account_id) == ("STANDARD", 3, home.account)
    again = operate("60000", days=1)
    assert {one.code for one in again.score.reasons} == {"CUMUL"}
    for amount in ("0", "-1"):
        with pytest.raises(DomainError, match="au-dessus de zéro"):
            operate(amount)
    with pytest.raises(DomainError, match="pas de ce dossier"):
        operate("10", account_id="0" * 26)
    assess(session, by, home.jeanne, PPE)
    forced = operate("10")
    assert (forced.level, forced.validation) == ("RENFORCEE", "A_VALIDER")
    assert [one.id for one in assessments.operations_to_validate(session, boss, 9)] == [forced.id]
    writes.validate_operation(session, boss, forced.id)
    assert assessments.operation(session, by, forced.id).validation == "VALIDEE"
    assert len(assessments.operations(session, by, home.jeanne)) == 5
    assert by_hand.remove(session, by, home.account).archived, "an account that an assessment names is put away, not deleted"


def test_each_number_of_the_map_is_that_of_its_list(hub: Hub, work: Work, home: Home, people: People) -> None:
    """CO-05, NX-01: cells by level and age, views; over clients assessed on each side of each bound; what was replaced counts no
    more; who is no client is nowhere; another's clients are nobody's."""
    session, by = work
    half, year, two, three = ((today() - due_on(today(), -months)).days for months in (6, 12, 24, 36))
    ages = (0, half - 1, half, year - 1, year, 500, two - 1, two, 1000, three - 1, three, 2000)
    for place, days in enumerate(ages):
        new = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=f"Essai {place}", first_names="Alix")
        who = contacts.create(session, by, new)
        if place % 3 == 2:
            assess(session, by, who, PPE, days + 1)
        level = ("RENFORCEE", "STANDARD", "SIMPLIFIEE")[place % 3]
        assess(session, by, who, PLAIN, days, level=level, reason="Une raison de plus de dix lettres.")
    prospect = contacts.create(session, by, NewContact("PERSONNE_PHYSIQUE", "PROSPECT", birth_name="Roy", first_names="Alix"))
    assess(session, by, prospect, PPE)
    assess(session, person(session, people.other), home.stranger, PPE)
    registry = queries.registry(hub, context.make(session, hub.registry, principal=by), by)
    found = cartography.counted(session, by, today())
    assert (found.total, sum(found.cells.values()), found.views["JAMAIS"]) == (15, 12, 3)
    assert found.views == {"RENFORCEE": 4, "A_VALIDER": 4, "EN_RETARD": 3, "JAMAIS": 3}
    assert all(any(found.cells[level, age] for level in ("RENFORCEE", "STANDARD", "SIMPLIFIEE")) for age in cartography.AGES)

    def listed(asked: queries.Asked) -> list[str]:
        return [one.id for each in queries.contacts.every(session, by, asked) for one in each]

    for (level, age), count in found.cells.items():
        ids = listed(cartography.of_cell(level, age, today(), registry))
        assert len(ids) == len(set(ids)) == count, (level, age)
        assert {one.level for one in assessments.current(session, by, ids).values()} <= {level}
    for code, count in found.views.items():
        assert len(listed(cartography.of_view(code, today(), registry))) == count, code


def test_where_a_client_stands_knows_of_vigilance(hub: Hub, work: Work, home: Home, people: People) -> None:
    """CO-05, CO-02: a review that is overdue is EXPIRE, a reinforced level that waits is A_COMPLETER; never assessed is too where
    the cabinet asks for it; SQL's word is the gravest of the points that are told."""
    session, by = work
    order = list(situation.SITUATIONS)
    states: dict[str, list[str]] = {"none": [], "fine": [], "late": [], "waiting": [], "both": [], "validated": []}
    for profile in (None, 10, 400):
        for whole in (True, False):
            for state, made in states.items():
                new = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=f"Essai {state}", first_names="Alix")
                who = contacts.create(session, by, new)
                facts = {**WHOLE, "birth_city": WHOLE["birth_city"] if whole else None}
                session.execute(update(Contact).where(Contact.id == who).values(**facts))
                if profile is not None:
                    establish(session, by, who, profile)
                days = 400 if state in ("late", "both") else 3
                level = "STANDARD" if state == "fine" else "RENFORCEE"
                if state != "none":
                    one = assess(session, by, who, PLAIN, days, level=level)
                    if state in ("late", "validated"):
                        writes.validate(session, manager(session, people), one)
                made.append(who)
    every = [who for made in states.values() for who in made]
    for asked in (False, True):
        demanded = Demands(assessed=asked)
        found = situation.among(session, by, every, today(), demanded)
        for one in found.values():
            told = [point.situation for point in one.points]
            assert one.situation == (min(told, key=order.index) if told else situation.CONFORM), (asked, one)
        counts = situation.counts(session, by, today(), 30, demanded)
        for code in order:
            wanted = sum(one.situation == code for one in found.values()) + (3 if code == situation.NOT_CONFORM else 0)
            assert counts[code] == wanted, (asked, code)
        good = [states[state][2] for state in states]  # a valid profile, all of the identity
        stands = dict(zip(states, [found[who].situation for who in good], strict=True))
        assert stands == {
            "none": "A_COMPLETER" if asked else "CONFORME", "fine": "CONFORME", "late": "EXPIRE", "waiting": "A_COMPLETER",
            "both": "EXPIRE", "validated": "CONFORME",
        }  # fmt: skip


def test_a_merge_moves_all_of_it(work: Work, home: Home) -> None:
    """CO-05, CT-02: assessments and operations follow; the current one is the newest of both."""
    session, by = work
    old = assess(session, by, home.jeanne, PPE, 20)
    new = assess(session, by, home.paul, PLAIN, 2)
    writes.operate(session, by, home.paul, SIMPLE_OPERATION, amount=Decimal(10))
    choices = {one.name: "kept" for one in merging.compare(session, by, home.jeanne, home.paul).fields}
    done = merging.merge(session, by, home.jeanne, home.paul, choices)
    assert [one.id for one in assessments.of_contact(session, by, home.jeanne)] == [new, old]
    assert len(assessments.operations(session, by, home.jeanne)) == 1
    merging.undo(session, by, done.id)
    assert [one.id for one in assessments.of_contact(session, by, home.paul)] == [new]
    assert MONTHS["RENFORCEE"] == 12
