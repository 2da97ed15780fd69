"""Every page of the activation in every state of the mandate, for who may change it and for who may not."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from core.extensions import db
from core.links import mandate_machine as machine
from core.links import mandates
from core.links import wording
from tests.conftest import People
from tests.conftest import csrf
from tests.conftest import sign_in
from tests.plugins.nomineo.link import PLUGIN
from tests.plugins.nomineo.link import Link
from tests.plugins.nomineo.link import doors
from tests.plugins.nomineo.link import main
from tests.plugins.nomineo.link import texts

OPEN = ("activation", "conseillers")
MANAGED = (
    "activation/remplir", "activation/transmettre", "activation/reception", "activation/confirmer",
)  # fmt: skip
#: State → what the page says comes next, and the doors that lead on for an administrator.
NEXT = {
    "none": ("Demandez l'activation", {"activation/generer", "activation/remplir"}),
    "issued": ("Remplissez et signez le mandat", {"activation/remplir", "activation/generer"}),
    "completed": ("Transmettez le mandat à votre inspecteur", {"activation/transmettre", "activation/generer"}),
    "sent": ("En attente de la réception", {"activation/reception", "activation/confirmer", "activation/generer"}),
    "received": ("Activation en cours", {"activation/confirmer"}),
    "active": ("Nominéo est actif", {"activation/decision/suspendre"}),
    "returned": ("Mandat renvoyé incomplet", {"activation/remplir"}),
    "refused": ("Mandat refusé", {"activation/decision/nouveau"}),
    "suspended": ("Accès suspendu", {"activation/decision/suspendre"}),
    "revoked": ("Mandat révoqué", {"activation/decision/nouveau"}),
    "expired": ("Mandat expiré", {"activation/decision/nouveau"}),
}
#: What each door does, in the machine's word, and who says so.
EVENTS = {
    "activation/generer": ("issue", "platform"), "activation/remplir": ("complete", "platform"),
    "activation/transmettre": ("send", "platform"), "activation/reception": ("receive", "proof"),
    "activation/confirmer": ("activate", "proof"), "activation/decision/suspendre": ("suspend", "platform"),
    "activation/decision/revoquer": ("revoke", "platform"), "activation/decision/retablir": ("resume", "platform"),
}  # fmt: skip
ALWAYS = {"conseillers", "activation/mandat-vierge.pdf", "activation"}


def test_the_activation_says_the_next_step_to_who_can_do_it(link: Link, administrator: FlaskClient) -> None:
    """BL-05: each state has its next step and its door; no door leads to what the machine refuses."""
    for state in link.each_state():
        answer = administrator.get("/p/nomineo/activation")
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        title, wanted = NEXT[state]
        assert f"<h2>{title}</h2>" in page.replace("&#39;", "'")
        assert wording.state(PLUGIN, state) in texts(main(page))
        found = doors(page) - ALWAYS
        revocable = {"activation/decision/revoquer"} if "revoke" in machine.allowed(state, "platform") else set()
        assert found == wanted | revocable, state
        for door in found & set(EVENTS):
            assert _open(state, door), (state, door)


def test_every_other_page_opens_or_says_why_not(link: Link, administrator: FlaskClient) -> None:
    """BL-05: a step that the state refuses shows no form, names the state and leads back."""
    for state in link.each_state():
        for path in (*MANAGED, *OPEN):
            answer = administrator.get(f"/p/nomineo/{path}")
            assert answer.status_code == 200, (state, path)
            page = answer.get_data(as_text=True)
            if path not in EVENTS:
                continue
            assert ('name="seen"' in page) == _open(state, path), (state, path)
            if not _open(state, path):
                assert f"Le mandat est à l'état « {wording.state(PLUGIN, state)} »" in texts(main(page))
                assert doors(page) == {"activation"}


def test_an_adviser_reads_and_is_told_who_can_do_it(link: Link, adviser: FlaskClient) -> None:
    """BL-05b: no button, no file, no form; whose turn it is."""
    for state in link.each_state():
        page = adviser.get("/p/nomineo/activation").get_data(as_text=True)
        assert doors(page) == {"conseillers", "activation/mandat-vierge.pdf"}, state
        assert "<form" not in main(page)
        assert "/documents/" not in main(page)
        said = texts(main(page))
        assert NEXT[state][0] in said
        assert ("administrateur du cabinet" in said) == (state != "active"), state
    people = adviser.get("/p/nomineo/conseillers").get_data(as_text=True)
    assert "Pour un changement, adressez-vous à un administrateur du cabinet." in texts(main(people))
    assert "<form" not in main(people)


def test_not_registered_is_a_page_too(unregistered: Link, administrator: FlaskClient, adviser: FlaskClient) -> None:
    """BL-03: without the company's sheet the page says so, and offers no step; step pages are 404."""
    for client in (administrator, adviser):
        page = client.get("/p/nomineo/activation")
        assert page.status_code == 200
        assert "Nominéo n'est pas encore enregistré" in texts(main(page.get_data(as_text=True)))
        assert client.get("/p/nomineo/conseillers").status_code == 200
        assert client.get("/p/nomineo/activation/mandat-vierge.pdf").status_code == 404
    assert doors(administrator.get("/p/nomineo/activation").get_data(as_text=True)) == {"conseillers"}
    for path in MANAGED[:4]:
        assert administrator.get(f"/p/nomineo/{path}").status_code == 404
    assert administrator.get("/administration/modules/nomineo/reglages").status_code == 200


def test_only_who_manages_partners_changes_anything(link: Link, adviser: FlaskClient) -> None:
    """BL-04, BL-05: forms, files and decisions are 403 to an adviser, posts included."""
    link.bring("sent")
    token = csrf(adviser, "/p/nomineo/activation")
    for path in MANAGED:
        assert adviser.get(f"/p/nomineo/{path}").status_code == 403, path
    posts = [*MANAGED, "activation/generer", "activation/deposer", "activation/message", "activation/decision/revoquer"]
    for path in (*posts, f"conseillers/{link.people.adviser}"):
        answer = adviser.post(f"/p/nomineo/{path}", data={"csrf_token": token, "reason": "x", "state": "enrolled"})
        assert answer.status_code == 403, path
    assert adviser.get(f"/p/nomineo/activation/documents/{_paper(link)}").status_code == 403
    assert link.mandate().state == "sent"


def test_a_stranger_finds_nothing(link: Link, strangers: People, administrator: FlaskClient) -> None:
    """domain.md §3.6, 18: another cabinet's file and person are 404; a decision that does not exist too."""
    link.bring("sent")
    token = csrf(administrator, "/p/nomineo/activation")
    assert administrator.get(f"/p/nomineo/activation/documents/{_paper(link)}").status_code == 200
    assert administrator.get("/p/nomineo/activation/documents/01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404
    other = {"csrf_token": token, "state": "enrolled", "partner_code": ""}
    assert administrator.post(f"/p/nomineo/conseillers/{strangers.adviser}", data=other).status_code == 404
    assert administrator.post("/p/nomineo/activation/decision/autre", data=other).status_code == 404
    outsider = administrator.application.test_client()
    assert outsider.get("/p/nomineo/activation", headers={"Accept": "text/html"}).status_code == 302
    sign_in(outsider, "administrateur@second.example")
    assert outsider.get(f"/p/nomineo/activation/documents/{_paper(link)}").status_code == 404
    assert "Nominéo n'est pas encore enregistré" in texts(outsider.get("/p/nomineo/activation").get_data(as_text=True))


def test_a_suspension_says_whose_it_is(link: Link, administrator: FlaskClient) -> None:
    """PLP-042, BL-05b: «active by the side that suspended»: the button stands only where it lifts something."""
    cases = (
        ("suspend", "Votre cabinet a suspendu l'accès.", True),
        ("suspended", "La compagnie a suspendu l'accès ; elle seule peut le rétablir.", False),
        ("suspend suspended", "Votre cabinet et la compagnie ont chacun suspendu l'accès", True),
    )
    for words, said, may_lift in cases:
        link.renew()
        link.bring("active")
        for word in words.split():
            link.step(word)
        page = administrator.get("/p/nomineo/activation").get_data(as_text=True)
        assert said in texts(main(page))
        assert ("activation/decision/retablir" in doors(page)) == may_lift
        assert ("activation/decision/suspendre" in doors(page)) == (words == "suspended")
        assert re.search(r"5\. Activation\s*Suspendu", texts(main(page)))


def test_the_history_shows_each_step_as_a_card_on_phones(link: Link, administrator: FlaskClient) -> None:
    """ux.md §3.3, 360 px: history and advisers are tables that become cards, each cell with its label."""
    link.bring("active")
    for path in OPEN:
        page = main(administrator.get(f"/p/nomineo/{path}").get_data(as_text=True))
        table = re.search(r"<table class=\"([^\"]*)\".*?</table>", page, re.S)
        assert table
        assert "is-cards" in table.group(1)
        body = table.group(0).split("<tbody>")[1]
        assert all("data-l=" in cell for cell in re.findall(r"<td(?:(?!<form).)*?>(?!<form)", body)), path
        assert 'scope="row"' in body
    history = texts(main(administrator.get("/p/nomineo/activation").get_data(as_text=True)))
    for event in ("Mandat généré", "Mandat rempli", "Transmis à l'inspecteur", "Réception par la compagnie", "Activation"):
        assert event in history
    assert "Administrateur Demo" in history


def _open(state: str, path: str) -> bool:
    event, by = EVENTS[path]
    # The form filled on screen is generated and filled in one.
    return event in machine.allowed(state, by) or (state, event) == ("none", "complete")  # type: ignore[arg-type]


def _paper(link: Link) -> str:
    with db.session(link.people.cabinet_id, write=False) as session:
        stands = mandates.standing(session, PLUGIN)
        assert stands is not None
        assert stands.paper_id is not None
        return stands.paper_id
