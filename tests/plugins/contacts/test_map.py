"""«Localiser un contact» and the geocoder behind it: opt-in, recorded answers on loopback, a list without network (QM-01)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.contacts import channels
from core.contacts import places
from core.contacts import services as contacts
from core.contacts.schemas import NewContact
from core.extensions import db
from core.hooks import settings
from core.hooks import work
from core.hooks.hub import Hub
from core.jobs.queue import Retry
from tests.conftest import People
from tests.conftest import csrf
from tests.core.rest.desk import Program
from tests.core.rest.desk import token_of

#: As the Géoplateforme answers (GeoJSON, longitude first).
KNOWN = {
    "12 rue Crébillon, 44000 Nantes": [(-1.5603, 47.2134, 0.96, "12 Rue Crébillon 44000 Nantes")],
    "Le Bourg, 44190 Gorges": [(-1.3, 47.1, 0.41, "Le Bourg 44190 Gorges"), (-1.29, 47.12, 0.4, "Bourg 44190 Clisson")],
}


class Recorded:
    """A geocoder that answers what was recorded, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                outer.asked.append({**query, **{name: value for name, value in self.headers.items() if name == "Cookie"}})
                features = [
                    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [east, north]},
                     "properties": {"label": label, "score": score}}
                    for east, north, score, label in KNOWN.get(query.get("q", ""), [])
                ]  # fmt: skip
                body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/search"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def geocoder() -> Iterator[Recorded]:
    made = Recorded()
    yield made
    made.close()


def agree(people: People, hub: Hub, url: str, *, geocode: bool = True) -> None:
    """The cabinet lets addresses out, to this geocoder."""
    with db.session(people.cabinet_id) as session:
        settings.save(session, hub.registry.plugins["contacts"], {"geocode": geocode, "geocoder": url}, actor="cli")


def turn(people: People) -> None:
    """One turn of the background job, as the worker does it."""
    work.fetch(people.cabinet_id, {"plugin": "contacts", "key": "geocode", "data": {}})


def living(people: People, name: str, street: str | None, code: str, city: str) -> tuple[str, str]:
    """A client of the adviser's at an address: both ids."""
    with db.session(people.cabinet_id) as session:
        data = NewContact("PERSONNE_PHYSIQUE", "CLIENT", birth_name=name, first_names="Jeanne")
        made = contacts.create(session, "cli", data, principal=people.adviser)
        home = {"usage": "DOMICILE", "street": street, "postal_code": code, "city": city}
        return made, channels.add(session, "cli", made, "address", home)


def state(people: People, address: str) -> places.Address:
    with db.session(people.cabinet_id, write=False) as session:
        return places.address(session, "cli", address)


def test_nothing_goes_out_unless_the_cabinet_agrees(people: People, hub: Hub, geocoder: Recorded) -> None:
    """QM-01: off by default; once on, the text of addresses alone, each once; off again, nothing more."""
    _one, address = living(people, "Secretnom", "12 rue Crébillon", "44000", "Nantes")
    turn(people)
    agree(people, hub, geocoder.url, geocode=False)
    turn(people)
    assert geocoder.asked == []
    agree(people, hub, geocoder.url)
    turn(people)
    turn(people)
    assert geocoder.asked == [{"q": "12 rue Crébillon, 44000 Nantes", "limit": "5", "autocomplete": "0"}]
    found = state(people, address)
    assert (found.state, found.score, found.source) == ("FOUND", 0.96, "127.0.0.1")
    assert found.point is not None
    assert (found.point.latitude, found.point.longitude) == (47.2134, -1.5603)


def test_a_geocoder_that_fails_is_asked_later_and_loses_nothing(people: People, hub: Hub, geocoder: Recorded) -> None:
    """QM-01: the job is tried again; the list of neighbours does not need it."""
    living(people, "Durand", "12 rue Crébillon", "44000", "Nantes")
    agree(people, hub, geocoder.url)
    geocoder.status = 503
    with pytest.raises(Retry):
        turn(people)
    geocoder.status = 200
    turn(people)
    with db.session(people.cabinet_id, write=False) as session:
        assert places.waiting(session, most=5) == ()


def test_what_is_not_sure_is_asked_of_a_person(adviser: FlaskClient, people: People, hub: Hub, geocoder: Recorded) -> None:
    """QM-01: a score below 0.6 places nothing; the page proposes, a person chooses, types degrees, or asks again."""
    one, address = living(people, "Durand", "Le Bourg", "44190", "Gorges")
    agree(people, hub, geocoder.url)
    turn(people)
    assert (state(people, address).state, state(people, address).point) == ("DOUBT", None)
    assert "Le Bourg 44190 Gorges" in adviser.get("/p/contacts/carte/a-placer").get_data(as_text=True)
    page = f"/p/contacts/{one}/adresses/{address}/position"
    shown = adviser.get(page).get_data(as_text=True)
    assert "Bourg 44190 Clisson" in shown
    token = csrf(adviser, page)
    assert adviser.post(page, data={"csrf_token": token, "place": "0"}).status_code == 303
    assert state(people, address).state == "FOUND"
    wrong = adviser.post(page, data={"csrf_token": token, "latitude": "147", "longitude": "abc"})
    assert wrong.status_code == 422
    assert 'value="147"' in wrong.get_data(as_text=True)
    assert adviser.post(page, data={"csrf_token": token, "latitude": "47,2", "longitude": "-1.5"}).status_code == 303
    placed = state(people, address)
    assert (placed.state, placed.point and placed.point.latitude) == ("MANUAL", 47.2)
    assert adviser.post(page, data={"csrf_token": token, "again": "1"}).status_code == 303
    assert state(people, address).state == "WAITING"
    assert adviser.post(page, data={"csrf_token": token, "place": "77"}).status_code == 422


def test_the_list_needs_no_network_and_the_drawing_no_tiles(adviser: FlaskClient, people: People, app: Flask) -> None:
    """QM-01: around a town, a contact, nothing known; the nearest first; each dot leads to its line; the same by the API."""
    near, address = living(people, "Proche", "12 rue Crébillon", "44000", "Nantes")
    far, other = living(people, "Lointain", "1 quai", "44600", "Saint-Nazaire")
    with db.session(people.cabinet_id) as session:
        places.put(session, "cli", address, places.Point(47.2134, -1.5603))
        places.put(session, "cli", other, places.Point(47.2735, -2.2137))
    page = adviser.get("/p/contacts/carte?lieu=nantes&km=100").get_data(as_text=True)
    assert page.index(f'id="c-{near}"') < page.index(f'id="c-{far}"')
    assert f'href="#c-{near}"' in page
    assert "49,8" in page
    assert "<image" not in page
    assert f'id="c-{far}"' not in adviser.get("/p/contacts/carte?lieu=nantes&km=20").get_data(as_text=True)
    assert f'id="c-{near}"' in adviser.get(f"/p/contacts/carte?contact={far}&km=50").get_data(as_text=True)
    assert "habite ce lieu" in adviser.get("/p/contacts/carte?lieu=Nullepart").get_data(as_text=True)
    program = Program(app, token_of(people.cabinet_id, people.adviser))
    items = program.get("/contacts/near?latitude=47.2134&longitude=-1.5603&km=100")["items"]
    assert [(one["id"], round(one["km"])) for one in items] == [(near, 0), (far, 50)]
    program.get("/contacts/near", 400)
    told = program.post(f"/contacts/{near}/channels/{address}/place", {"latitude": 47.0, "longitude": -1.0})
    assert (told["state"], told["latitude"]) == ("MANUAL", 47.0)
    assert program.get(f"/contacts/{near}/places")["items"][0]["longitude"] == -1.0


def test_the_setting_says_what_goes_out_and_to_whom(administrator: FlaskClient, people: People) -> None:
    """QM-01: what is sent, to whom; another geocoder is https, and what was typed wrong is there again."""
    page = "/administration/modules/contacts/reglages"
    text = administrator.get(page).get_data(as_text=True)
    assert "le texte des adresses postales" in text
    assert "https://data.geopf.fr/geocodage/search" in text
    sent = {"csrf_token": csrf(administrator, page), "geocode": "1", "geocoder": "http://exemple.fr/"}
    refused = administrator.post(page, data=sent)
    assert refused.status_code == 422
    assert 'value="http://exemple.fr/"' in refused.get_data(as_text=True)
    assert 'id="f-geocoder-e"' in refused.get_data(as_text=True)


def test_it_is_in_the_quick_menu(adviser: FlaskClient, people: People) -> None:
    """QM-01: «Localiser un contact» beside the others, in the menu and in the palette."""
    page = adviser.get("/p/contacts/").get_data(as_text=True)
    assert 'href="/p/contacts/carte"' in page
    assert "Localiser un contact" in page
