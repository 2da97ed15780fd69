"""Every URL of the map, with the first cabinet's ids, asked by the second's administrator: 404, and no byte of it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from core.web.policy import policy_of
from tests.conftest import sign_in
from tests.contract import two_cabinets as two
from tests.contract.conftest import House
from tests.contract.two_cabinets import First

pytestmark = pytest.mark.xdist_group("walls")

#: Every argument of a URL → the first cabinet's value. A new argument that is not here fails the walk.
ARGUMENTS = {
    "account_id": lambda ours: ours.account_id,
    "contact_id": lambda ours: ours.contact_id,
    "support_id": lambda ours: ours.support_id,
    "relation_id": lambda ours: ours.relation_id,
    "member_id": lambda ours: ours.contact_id,
    "channel_id": lambda ours: ours.channel_id,
    "transaction_id": lambda ours: ours.transaction_id,
    "user_id": lambda ours: ours.user_id,
    "document_id": lambda ours: ours.document_id,
    "upload_id": lambda ours: ours.upload_id,
    "endpoint_id": lambda ours: ours.endpoint_id,
    "form": lambda ours: ours.form,
    "slug": lambda ours: ours.slug,
    "view_id": lambda ours: ours.view_id,
    "agency_id": lambda ours: ours.agency_id,
    "profile_id": lambda ours: ours.profile_id,
    "entry_id": lambda ours: ours.entry_id,
    "token_id": lambda ours: ours.token_id,
    "journey_id": lambda ours: ours.journey_id,
    "number_id": lambda ours: ours.number_id,
    "defined_id": lambda ours: ours.label_id,
    "import_id": lambda ours: ours.import_id,
    "feed_id": lambda ours: ours.feed_id,
    "feed_account_id": lambda ours: ours.feed_account_id,
    "merge_id": lambda ours: ours.merge_id,
    "loan_id": lambda ours: ours.loan_id,
    "item_id": lambda ours: ours.loan_id,
    "line_id": lambda ours: ours.line_id,
    "event_id": lambda ours: ours.event_id,
    "pledge_id": lambda ours: ours.pledge_id,
    "past_id": lambda ours: ours.past_id,
    "assessment_id": lambda ours: ours.assessment_id,
    "operation_id": lambda ours: ours.operation_id,
    "list_id": lambda ours: ours.list_id,
    "project_id": lambda ours: ours.project_id,
    "asset_id": lambda ours: ours.asset_id,
    "value_id": lambda ours: ours.value_id,
    "rent_id": lambda ours: ours.rent_id,
    "debt_id": lambda ours: ours.debt_id,
    "typed_id": lambda ours: ours.typed_id,
    "signature_id": lambda ours: ours.signature_id,
    "plan_id": lambda ours: ours.plan_id,
    "file_id": lambda ours: ours.file_id,
    "range_id": lambda ours: ours.range_id,
    "model_id": lambda ours: ours.model_id,
    "run_id": lambda ours: ours.run_id,
    "proposal_id": lambda ours: ours.proposal_id,
    "optimisation_id": lambda ours: ours.optimisation_id,
    "batch_id": lambda ours: ours.batch_id,
    "statement_id": lambda ours: ours.statement_id,
    "paper_id": lambda ours: ours.statement_id,
    "owner_id": lambda ours: ours.support_id,
    "own_category_id": lambda ours: two.filing_of(ours),
    "shelved_id": lambda ours: two.shelved_of(ours),
    "internal_id": lambda ours: two.internal_of(ours),
}
#: Arguments that name nothing of a cabinet.
COMMON = {
    "section": "situation", "paper": "LETTRE_MISSION", "shelf": "supports",
    "key": "comptes", "plugin": "nomineo", "step": "suspendre", "version": "0", "path": "tokens.css", "name": "default",
    "filename": "marque.txt", "kind": "phone", "number": "1", "chapter": "rechercher", "tutorial": "ajouter-un-contact",
    "noun": "contacts", "what": "etiquettes", "target": "contacts", "year": "2025", "day": "2020-01-01",
    "act": "frais", "field_name": "title", "movement_id": "0" * 26,  # the account beside it is the first cabinet's
    "mark": f"demo.{'0' * 26}",  # whoever knows a logo's address may see it: test_a_logo_is_drawn_anew_and_shown
}  # fmt: skip
#: Parameters that name something of a cabinet, in queries and forms; what a view asks for and is in neither list fails.
PARAMETERS = {
    "depuis": lambda ours: ours.optimisation_id,
    "contact": lambda ours: ours.contact_id,
    "held": lambda ours: f"compte:{ours.account_id}",
    "compte": lambda ours: ours.account_id,
    "choix": lambda ours: ours.contact_id,
    "choix_holder": lambda ours: ours.contact_id,
    "choix_second": lambda ours: ours.contact_id,
    "choix_insured": lambda ours: ours.contact_id,
    **{f"choix_who_{n}": lambda ours: ours.contact_id for n in range(1, 11)},
    "etiquette": lambda ours: ours.label_id,
    "aligner": lambda ours: ours.contact_id,
    "once": lambda ours: ours.contact_id,
    "garder": lambda ours: ours.contact_id,
    "fusionner": lambda ours: ours.contact_id,
    "first": lambda ours: ours.contact_id,
    "second": lambda ours: ours.contact_id,
    "conseiller": lambda ours: ours.user_id,
    "auteur": lambda ours: ours.user_id,
    "members": lambda ours: ours.user_id,
    "agence": lambda ours: ours.agency_id,
    "agencies": lambda ours: ours.agency_id,
    "profil": lambda ours: ours.profile,
    "avec": lambda ours: ours.profile,
    "modele": lambda ours: ours.profile,
    "role": lambda ours: ours.profile,
    "session": lambda ours: ours.sid_hash,
    "cle": lambda ours: ours.keys[0],
    "ids": lambda ours: ours.contact_id,
    "vue": lambda ours: ours.view_id,
    "detail": lambda ours: ours.transaction_id,
    "launch": lambda ours: ours.launch_id,
    "notification": lambda ours: ours.notification_id,
    "mandate": lambda ours: ours.mandate,
    "message": lambda ours: ours.message_id,
    "token": lambda ours: ours.form,
    "ordres": lambda ours: ours.form,
    "file_depots": lambda ours: ours.upload_id,
    "photo_depots": lambda ours: ours.upload_id,
    "logo_light_depots": lambda ours: ours.upload_id,
    "logo_dark_depots": lambda ours: ours.upload_id,
    "undo": lambda ours: ours.undo,
    "q": lambda ours: ours.number,
    "pret": lambda ours: ours.loan_id,
    "gamme": lambda ours: ours.range_id,
    "suit": lambda ours: ours.model_id,
    "indice": lambda ours: ours.support_id,
    "s": lambda ours: ours.support_id,
    "ajout": lambda ours: ours.number,
    "next": lambda ours: f"/p/contacts/{ours.contact_id}",
}
HARMLESS = frozenset(  # `liste` carries parameters that stand here under their own names
    {
        "accent", "acquitter", "acte", "actif", "action", "acts", "after", "again", "annee", "anyway", "archives",
        "attache", "au", "categorie", "cellules", "champ", "classe", "client_assertion", "client_assertion_type",
        "client_id", "code", "code_challenge", "code_verifier", "colonne", "colonne-0", "colonne-1", "colonnes",
        "compagnie", "confirme", "csrf_token", "delay_days", "delay_kind", "delimiter", "detention", "devise",
        "distributeur", "do", "du", "email", "encoding", "encours", "enveloppe", "envoi", "erreurs", "etat", "exige", "facteur",
        "favoris", "field", "file", "filtre", "fingerprint", "fond", "foot", "format", "frais", "geocode", "geocoder", "gestion",
        "graphiques", "grant_type", "groupe", "jeton", "jour", "km", "largeur", "latitude", "layout", "legal", "lien", "lieu",
        "lignes", "liste", "logo_dark", "logo_light", "longitude", "main", "minimum", "module", "mot", "mouvements",
        "move", "nature", "new_again", "situation",
        "new_password", "objet", "order", "page", "par", "parent", "partenaire", "partner_code", "password",
        "performance", "periode",
        "photo",
        "place", "pour", "pourquoi", "prendre", "prompt", "rang", "reason", "redirect_uri", "reminder_days", "request",
        "request_uri", "requete", "response_mode", "response_type", "retour", "rows", "rule", "scope", "seen",
        "sens", "sfdr", "sheet",
        "single_keys", "sorte", "sri", "state", "statut", "taille", "texte", "theme", "tranche", "tri", "type",
        "version", "zone", "zoom",
        "age", "niveau", "vue",
    }
)  # fmt: skip
#: By the protocol anyone reads a cabinet's keys and discovery by its public name (PLP-015, PLP-016, PLP-019, PLP-114).
PUBLISHED = frozenset({"plp.configuration", "plp.jwks", "plp.keys_statement", "plp.saml_metadata"})
#: Answers that are no 404, and why: the partner's signature is judged before anything is said (PLP-090, PLP-115).
ELSE = {"plp.hook": 415, "plp.saml_sso": 400}


@pytest.fixture
def app(house: House) -> Flask:
    return house.app


@pytest.fixture
def ours(house: House) -> First:
    return house.first


def come_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, email)
    return client


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule and method but those that sign out, which would end the walk."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        # the API's operations are asked with tokens: test_api_walls.py
        if rule.endpoint not in ("auth.sign_out", "account.end_all") and not rule.endpoint.startswith("api.")
    ]


def values_of(rule: Rule, ours: First) -> dict[str, str]:
    unknown = rule.arguments - set(ARGUMENTS) - set(COMMON)
    assert not unknown, f"{rule.rule}: say in ARGUMENTS what {unknown} is of the first cabinet, or in COMMON that it is nothing"
    return {name: ARGUMENTS[name](ours) if name in ARGUMENTS else COMMON[name] for name in rule.arguments}


def url_of(app: Flask, rule: Rule, ours: First) -> tuple[str, tuple[str, ...], bool]:
    """The URL with the first cabinet's ids, what was sent of it, and whether it names anything of the cabinet."""
    values = values_of(rule, ours)
    adapter = app.url_map.bind("127.0.0.1:8000")
    names = [name for name in rule.arguments if name in ARGUMENTS]
    return adapter.build(rule.endpoint, values), tuple(values[name] for name in names), bool(names)


def check_names() -> None:
    """A new parameter must be placed: in PARAMETERS if it can name something of a cabinet, in HARMLESS if not."""
    # one of an import's file: as many as it has columns
    met = {name for name in two.Asked.names if not re.fullmatch(r"colonne-\d+", name)}
    assert met - set(PARAMETERS) - HARMLESS == set()


def test_the_first_cabinet_itself_gets_in(app: Flask, ours: First) -> None:
    """PL-05: the ids of the walk are real: their own cabinet sees pages where the second must see none."""
    client = come_in(app, "administrateur@demo.example")
    for rule, method in rules(app):
        url, _, names_ours = url_of(app, rule, ours)
        asking = rule.endpoint in ("links.actions", "links.types", "links.launched") or rule.endpoint.startswith("journeys.")
        if method != "GET" or not names_ours or asking:
            continue  # a list of acts asks the partner, who does not run here; a form's token, a journey are their adviser's own
        answer = client.get(url)
        bare = rule.endpoint in ("plp.keys_statement", "plp.saml_metadata", "plp.saml_sso")  # no mandate, no SAML, no request
        assert answer.status_code in (200, 302) or bare, (url, answer.status_code)
    for path in ("/p/contacts/", "/p/portefeuille/comptes", "/p/outils/"):
        assert client.get(path).status_code == 200
    check_names()
    assert {"contact", "conseiller", "q"} <= two.Asked.names
    assert "suivi" in client.get(f"/p/portefeuille/comptes/{ours.account_id}/transactions").get_data(as_text=True)


def test_every_url_with_the_first_cabinets_ids_is_nowhere_for_the_second(app: Flask, ours: First) -> None:
    """Issue 2, «Second cabinet»: 404 for each rule and method, no word of the first cabinet in any answer, no change."""
    client = come_in(app, "administrateur@second.example")
    token, before = two.token_of(client), two.digest(ours.cabinet_id)
    for rule, method in rules(app):
        url, sent, names_ours = url_of(app, rule, ours)
        form = {name: value(ours) for name, value in PARAMETERS.items()} | {"state": "enrolled", "csrf_token": token}
        answer = client.open(url, method=method, data=form if method != "GET" else None)
        said = two.text_of(answer)
        known = (url, *sent, *(form.values() if method != "GET" else ()))
        public = ours.keys if rule.endpoint in PUBLISHED else ()
        assert ours.seen_in(said, sent=(*known, *public)) == [], (method, url, answer.status_code)
        assert answer.status_code < 500, (method, url)
        if names_ours and rule.endpoint not in PUBLISHED:
            assert answer.status_code == ELSE.get(rule.endpoint, 404), (method, url, answer.status_code)
    check_names()
    assert {"token", "launch", "state"} <= two.Asked.names
    assert two.digest(ours.cabinet_id) == before


def test_no_parameter_reaches_the_first_cabinet(app: Flask, ours: First) -> None:
    """The second's own pages, asked with each of the first's ids as a parameter, show nothing of it."""
    client = come_in(app, "administrateur@second.example")
    for rule, method in rules(app):
        if method != "GET" or rule.arguments or policy_of(app.view_functions[rule.endpoint]) is None:
            continue
        every = {name: value(ours) for name, value in PARAMETERS.items()}
        two.Asked.names.clear()
        queries = [every]
        for query in queries:
            answer = client.get(rule.rule, query_string=query)
            if query is every:  # then one by one: a refusal of one must not hide another
                queries += [{name: every[name]} for name in sorted(two.Asked.names & set(every))]
            assert answer.status_code < 500, (rule.rule, query)
            sent = (*query.values(), str(answer.request.query_string, "ascii"))
            assert ours.seen_in(two.text_of(answer), sent=sent) == [], (rule.rule, query)
    assert client.get("/p/portefeuille/comptes", query_string={"contact": ours.contact_id}).status_code == 404
    assert client.get("/plp/return", query_string={"launch": ours.launch_id}).status_code == 404


@pytest.mark.parametrize("bearer", [None, "Bearer ceci-n-est-pas-un-jeton"])
def test_who_is_not_signed_in_gets_nothing(app: Flask, ours: First, bearer: str | None) -> None:
    """No session, with or without a made-up bearer: sign-in, refusal or nothing; and no word of any cabinet."""
    headers = {"Authorization": bearer} if bearer else {}
    for rule, method in rules(app):
        url, sent, _ = url_of(app, rule, ours)
        answer = app.test_client().open(url, method=method, headers=headers)
        declared = policy_of(app.view_functions[rule.endpoint])
        assert declared is not None, rule.rule
        public = ours.keys if rule.endpoint in PUBLISHED else ()
        assert ours.seen_in(two.text_of(answer), sent=(url, *sent, *public)) == [], (method, url)
        if declared.kind in ("session", "permission"):
            refused = answer.status_code in (400, 401) or (
                answer.status_code == 302 and answer.headers["Location"].startswith("/connexion")
            )
            assert refused, (method, url, answer.status_code)


def test_the_seconds_lists_show_its_own(app: Flask, ours: First) -> None:
    """The walk is not won by empty pages: the second cabinet's lists hold its own contacts and accounts."""
    client = come_in(app, "administrateur@second.example")
    theirs = two.words_of(ours.cabinet_id + 1)
    for path in ("/p/contacts/", "/p/portefeuille/comptes"):
        page = client.get(path).get_data(as_text=True)
        assert len([word for word in theirs if word in page]) > 10, path
        assert ours.seen_in(page) == []


def test_every_change_asks_for_its_token(app: Flask, ours: First) -> None:
    """A POST without a CSRF token is refused, unless its route is declared a machine's; and changes nothing."""
    client = come_in(app, "administrateur@demo.example")
    before, machines = two.digest(ours.cabinet_id), set()
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            declared = policy_of(app.view_functions[rule.endpoint])
            if declared is not None and declared.kind == "machine":
                machines.add(rule.endpoint)
                continue
            url, _, _ = url_of(app, rule, ours)
            for form in ({}, {"csrf_token": "forgé"}):
                answer = client.open(url, method=method, data=form)
                assert answer.status_code == 400, (method, url, answer.status_code)
                assert "Formulaire périmé" in answer.get_data(as_text=True), url
    assert {one for one in machines if not one.startswith("api.")} == {"plp.token", "plp.hook"}
    assert two.digest(ours.cabinet_id) == before
    assert client.get("/notifications").status_code == 200


def test_a_machine_endpoint_never_reads_the_session(app: Flask, ours: First) -> None:
    """architecture.md §4: machine endpoints look at no cookie: signed in or not, the answer is the same."""
    signed = come_in(app, "administrateur@demo.example")
    for rule, method in rules(app):
        declared = policy_of(app.view_functions[rule.endpoint])
        if declared is None or declared.kind != "machine":
            continue
        url, _, _ = url_of(app, rule, ours)
        answers = [one.open(url, method=method) for one in (signed, app.test_client())]
        assert answers[0].status_code == answers[1].status_code, url
        assert all("Set-Cookie" not in answer.headers for answer in answers), url
        assert all("Cookie" not in answer.headers.get("Vary", "") for answer in answers), url
