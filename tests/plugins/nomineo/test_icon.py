"""What the icon and its menu say in each state, and that nobody is called who should not be (BL-03, BL-05b, BL-06)."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient

from core.db.clock import now
from core.extensions import db
from core.hooks import enabling
from core.hooks.hub import Hub
from core.links import enrolments
from core.links import mandates
from core.links.models import Launch
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.link import texts

ACTIVATION = "/p/nomineo/activation"
#: State → what the menu says is missing, and who does what.
SAID = {
    "none": ("n'est pas activé pour votre cabinet", "d'activer Nominéo"),
    "issued": ("en cours : mandat généré", "de remplir et de signer le mandat"),
    "completed": ("en cours : mandat rempli", "de transmettre le mandat à l'inspecteur"),
    "sent": ("en cours : transmis à l'inspecteur", "de relancer l'inspecteur"),
    "received": ("mandat reçu par la compagnie le", "suit l'activation"),
    "returned": ("en cours : renvoyé incomplet", "de compléter le mandat"),
    "refused": ("a été refusé par la compagnie", "de demander un nouveau mandat"),
    "suspended": ("est suspendu par la compagnie", "de contacter l'inspecteur"),
    "revoked": ("a été révoqué", "de demander un nouveau mandat"),
    "expired": ("a expiré", "de demander un nouveau mandat"),
}


def menu(client: FlaskClient, link: Link) -> str:
    """The icon's menu."""
    answer = client.get(f"/liens/nomineo/comptes/{link.account}/actes", headers={"X-Fragment": "1"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def icon(client: FlaskClient) -> tuple[str, str]:
    """The icon of the only account: its look and its note."""
    page = client.get("/p/portefeuille/comptes").get_data(as_text=True)
    found = re.search(r'class="e-partner( is-\w+)?"', page)
    assert found, "no icon"
    note = re.search(r'<span id="pm-[^"]*" hidden>([^<]*)</span>', page)
    return (found.group(1) or "").strip(), texts(note.group(1)) if note else ""


def test_every_state_but_active_says_what_is_missing_and_calls_nobody(link: Link, adviser: FlaskClient) -> None:
    """BL-03, BL-05b: what is missing, who can do it, a link to the next step; no call, by the icon nor by «Ajouter»."""
    for state in link.each_state():
        if state == "active":
            continue
        link.bell.calls.clear()
        look, note = icon(adviser)
        assert look == ("is-wait" if state in ("issued", "completed", "sent", "received", "returned") else "is-off"), state
        assert note
        shown = menu(adviser, link)
        said = texts(shown)
        what, who = SAID[state]
        assert what in said, (state, said)
        assert who in said, (state, said)
        assert "administrateur du cabinet" in said
        assert f'href="{ACTIVATION}"' in shown
        assert "<form" not in shown
        types = adviser.get(f"/liens/comptes/{link.account}/types", headers={"X-Fragment": "1"})
        assert what in texts(types.get_data(as_text=True)), state
        assert link.bell.calls == [], state


def test_received_says_until_when(link: Link, adviser: FlaskClient) -> None:
    """domain.md §3.2: «activation en cours (au plus tard le …)»."""
    link.bring("received")
    with db.session(link.people.cabinet_id, write=False) as session:
        due = mandates.due_on(session, PLUGIN)
    assert icon(adviser)[1] == f"Activation en cours (au plus tard le {due:%d/%m/%Y})"
    assert f"au plus tard le {due:%d/%m/%Y}" in texts(menu(adviser, link))


def test_not_registered_says_so_too(unregistered: Link, adviser: FlaskClient) -> None:
    """BL-03: before everything else: greyed, explained, nobody called."""
    assert icon(adviser)[0] == "is-off"
    shown = menu(adviser, unregistered)
    assert "n'est pas activé pour votre cabinet" in texts(shown)
    assert f'href="{ACTIVATION}"' in shown
    assert unregistered.bell.calls == []


def test_active_asks_the_partner_and_a_list_does_not(link: Link, adviser: FlaskClient) -> None:
    """BL-06, BL-08: the control of the tests above: here the same click does call, and the list still does not."""
    link.bring("active")
    assert icon(adviser) == ("", "")
    assert link.bell.calls == []
    said = texts(menu(adviser, link))
    assert "Nominéo ne répond pas" in said
    assert {call.split("?")[0] for call in link.bell.calls} == {"POST /plp/v1/capabilities"}


def test_an_adviser_who_is_not_enrolled_is_told_whom_to_ask(link: Link, adviser: FlaskClient) -> None:
    """BL-05b, domain.md §3.6, 6: the cabinet is active, he is not named, or suspended: said, with the page; no call."""
    link.bring("active", enrol=False)
    for state, what, who in (
        ("not_enrolled", "Vous n'êtes pas habilité", "de vous habiliter"),
        ("suspended", "Votre habilitation chez Nominéo est suspendue", "de rétablir votre habilitation"),
    ):
        link.enrol(state)
        assert icon(adviser)[0] == "is-off"
        shown = menu(adviser, link)
        assert what in texts(shown)
        assert who in texts(shown)
        assert 'href="/p/nomineo/conseillers"' in shown
    assert link.bell.calls == []
    link.enrol("enrolled")
    assert icon(adviser)[0] == ""


def test_one_adviser_s_enrolment_is_not_another_s(link: Link, adviser: FlaskClient, administrator: FlaskClient) -> None:
    """PLP-042: «and the adviser listed»."""
    link.bring("active")
    with db.session(link.people.cabinet_id) as session:
        enrolments.set_state(session, PLUGIN, link.people.adviser, state="suspended", actor="cli")
    assert icon(adviser)[0] == "is-off"
    assert icon(administrator)[0] == ""


def test_a_disabled_module_calls_nobody_at_all(link: Link, hub: Hub, adviser: FlaskClient, administrator: FlaskClient) -> None:
    """BL-03: after deactivation: no icon, 404 pages, and no background call: reading, polling, document."""
    link.bring("active")
    assert link.background() != []
    with db.session(link.people.cabinet_id) as session:
        enabling.switch(session, hub.registry, PLUGIN, on=False, actor="cli")
    assert link.background() == []
    assert 'class="e-partner' not in adviser.get("/p/portefeuille/comptes").get_data(as_text=True)
    assert adviser.get(f"/liens/nomineo/comptes/{link.account}/actes").status_code == 404
    for path in ("activation", "conseillers", "activation/mandat-vierge.pdf"):
        assert administrator.get(f"/p/nomineo/{path}").status_code == 404
    assert link.bell.calls == []
    with db.session(link.people.cabinet_id) as session:
        enabling.switch(session, hub.registry, PLUGIN, on=True, actor="cli")
    assert link.mandate().state == "active"
    assert icon(adviser)[0] == ""


def test_before_the_mandate_is_sent_the_background_is_silent_too(link: Link) -> None:
    """BL-03, PLP-037: nothing is told or read of a mandate that the company was not sent."""
    for state in ("none", "issued", "completed"):
        link.renew()
        link.bring(state)
        with db.session(link.people.cabinet_id) as session:
            enrolments.set_state(session, PLUGIN, link.people.other, state="enrolled", actor="cli")
            enrolments.set_state(session, PLUGIN, link.people.other, state="not_enrolled", actor="cli")
        assert link.mandate().content == {}
        assert link.background() == [], state


def test_a_suspended_or_revoked_mandate_asks_for_no_act(link: Link, adviser: FlaskClient) -> None:
    """PLP-042, PLP-043: only the document, the view and the feed are still asked for; never capabilities."""
    for step in ("suspend", "revoke"):
        link.renew()
        link.bring("active")
        link.step(step)
        menu(adviser, link)
        asked = link.bell.calls + link.background()
        assert asked
        assert not [call for call in asked if "capabilities" in call]


def test_revocation_ends_the_launches_that_stand_open(link: Link) -> None:
    """PLP-043: at once, on our side: a launch of ten seconds ago is over; one of another mandate is not touched."""
    link.bring("active")
    mine, other = _launch(link, "lch_" + "a" * 22, link.mandate().reference), _launch(link, "lch_" + "b" * 22, "mdt_autre")
    link.step("revoke")
    with db.session(link.people.cabinet_id, write=False) as session:
        ended, kept = session.get(Launch, mine), session.get(Launch, other)
        assert ended is not None
        assert kept is not None
        assert ended.expires_at <= now()
        assert kept.expires_at > now()


def _launch(link: Link, launch_id: str, mandate: str) -> tuple[int, str]:
    with db.session(link.people.cabinet_id) as session:
        row = Launch(
            launch_id=launch_id, form=f"form-{launch_id}", plugin=PLUGIN, mandate=mandate, account_id=link.account,
            user_id=link.people.adviser, sid_hash="x" * 64, handle="adv_" + "a" * 22, act="arbitrage", claims={},
            expires_at=now() + timedelta(seconds=110),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return (row.cabinet_id, row.id)
