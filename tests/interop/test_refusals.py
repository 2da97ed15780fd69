"""Our refusals, as openid-client reads them: standard errors, so that a partner's code need not know us (PLP-066 to 074)."""

from __future__ import annotations

from urllib.parse import urlencode

from tests.interop.joining import Joining
from tests.interop.launching import Trip
from tests.interop.launching import query


def test_a_launch_serves_once(joined: Joining) -> None:
    """PLP-065, PLP-068, BL-01: the second authorization request of one launch is `access_denied`, with `iss`."""
    trip = Trip(joined)
    request_url = trip.initiate()
    trip.authorize(request_url)
    callback = trip.authorize(request_url)
    assert query(callback) == {
        "error": "access_denied", "state": query(request_url)["state"], "iss": joined.partner.platform["iss"],
    }  # fmt: skip
    refused = trip.finish(callback)
    assert (refused["name"], refused["error"]) == ("AuthorizationResponseError", "access_denied")


def test_who_has_no_session_is_told_there(joined: Joining) -> None:
    """PLP-067: `login_required`, and the launch is not consumed: the same request with the session goes on."""
    trip = Trip(joined)
    request_url = trip.initiate()
    refused = trip.finish(trip.authorize(request_url, signed_in=False))
    assert (refused["name"], refused["error"]) == ("AuthorizationResponseError", "login_required")
    assert trip.finish(trip.authorize(request_url))["claims"]["plp"]["launch_id"] == trip.hints["plp_message_hint"]


def test_a_code_serves_once(joined: Joining) -> None:
    """PLP-074: a code brought again is RFC 6749's `invalid_grant`, and the launch is flagged."""
    trip = Trip(joined)
    callback = trip.authorize(trip.initiate())
    launch_id = trip.finish(callback)["claims"]["plp"]["launch_id"]
    refused = trip.finish(callback)
    assert (refused["name"], refused["error"], refused["status"]) == ("ResponseBodyError", "invalid_grant", 400)
    assert joined.stage.rows("SELECT flagged FROM link_launch WHERE launch_id = ?", launch_id) == [(1,)]


def test_an_answer_without_our_issuer_goes_no_further(joined: Joining) -> None:
    """PLP-066: our metadata announce `iss`, so the library demands ours: an answer of another issuer is not taken."""
    trip = Trip(joined)
    callback = trip.authorize(trip.initiate())
    address, given = callback.split("?")[0], query(callback)
    without = {name: value for name, value in given.items() if name != "iss"}
    for spoilt in (without, {**given, "iss": given["iss"].replace("/interop", "/demo")}):
        assert '"iss"' in trip.finish(f"{address}?{urlencode(spoilt)}")["text"]
    assert "claims" in trip.finish(callback), "the platform's own answer is taken"
