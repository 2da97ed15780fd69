"""The frame around every page, error pages too."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/nulle/part", "/static/0/rien.css"])
def test_an_address_that_no_view_answers_keeps_the_frame(
    adviser: FlaskClient, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """PL-01: the module bar stays, so that one goes on from there; nothing fails behind the page."""
    answer = adviser.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 404
    assert "Page introuvable" in page
    assert 'href="/p/contacts/"' in page
    assert "the frame could not be made" not in caplog.text


def test_a_visitor_gets_the_bare_page(app: Flask) -> None:
    """Nothing of the application's inside is shown to who has not signed in."""
    page = app.test_client().get("/nulle/part").get_data(as_text=True)
    assert "Page introuvable" in page
    assert "/p/contacts/" not in page
