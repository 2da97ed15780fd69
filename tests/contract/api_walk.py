"""Every operation of the API, called with a token: addresses filled with ids, bodies made of the document."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from core import config
from core.rest import openapi
from core.rest import reference
from core.rest.operations import Operation
from core.rest.schemas import files_of
from tests.contract.test_api_twins import operations
from tests.core.admin.test_appearance import picture
from tests.plugins.nomineo.papers import scan

#: Names in an address that are of the installation, not of a cabinet.
COMMON = {
    "plugin": "nomineo", "partner": "nomineo", "key": "0" * 64, "kid": "aucune", "journey_id": "0" * 26, "import_id": "0" * 26,
    "merge_id": "0" * 26, "paper": "DER", "version": "E1",
    "feed_id": "0" * 26, "feed_account_id": "0" * 26,
    "shade": "light", "year": "2025", "movement_id": "0" * 26, "field_name": "title", "day": "2020-01-01",
    **dict.fromkeys(
        (
            "loan_id", "event_id", "pledge_id", "line_id", "asset_id", "value_id", "rent_id", "debt_id", "typed_id", "batch_id",
            "signature_id", "plan_id", "past_id", "assessment_id", "operation_id", "list_id", "project_id",
        ), "0" * 26
    ),
    **dict.fromkeys(("file_id", "range_id", "model_id", "run_id", "proposal_id", "optimisation_id"), "0" * 26),
}  # fmt: skip


#: A module that lets each person set something otherwise.
OWN = {name: {"plugin": "portefeuille"} for name in ("me_settings_show", "me_settings_change")}


#: A file of each type, as it is sent: its bytes and its name.
FILES = {
    "application/pdf": (scan(), "essai.pdf"), "image/png": (picture(200, 60), "essai.png"),
    "application/xml": (b"<?xml version='1.0'?><rien/>", "essai.xml"),
    "text/csv": (b"Nom;Prenom\nEssai;Odile\n", "essai.csv"),
}  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One call."""

    operation: Operation
    path: str
    body: Any = None


def shots(app: Flask, ids: Mapping[str, str]) -> Iterator[Shot]:
    """Each operation once, with these ids in its address and, where a body names something, in its body."""
    document = openapi.document(app.extensions["encours_api"], config.current().base_url)
    for one in operations(app).values():
        path = one.path
        for name in one.arguments:
            path = path.replace(f"{{{name}}}", {**COMMON, **OWN.get(one.name, {}), **ids}[name])
        if one.name == "search_found":
            path += "?q=durand"
        if one.name == "contacts_nearby":
            path += "?latitude=47.2&longitude=-1.5"
        if one.name == "supports_comparison":
            path += f"?ids={ids['support_id']}"
        yield Shot(one, path, _body(document, one, ids) if one.takes is not None else None)


def _body(document: Mapping[str, Any], one: Operation, ids: Mapping[str, str]) -> dict[str, Any]:
    """What must be there, and ids where something is named."""
    told = document["paths"][f"/api/v1{one.path}"][one.method.lower()]["requestBody"]
    made = reference._sample(document, next(iter(told["content"].values()))["schema"])
    made |= {name: FILES[rule.types[0]] for name, rule in files_of(one.takes).items()}
    named = {
        "ids": [ids["contact_id"]], "adviser": ids["user_id"], "principal": ids["user_id"], "members": [ids["user_id"]],
        "agencies": [ids["agency_id"]], "merged": ids["contact_id"], "first": ids["contact_id"], "second": ids["contact_id"],
    }  # fmt: skip
    taken = one.takes().fields if one.takes is not None else {}
    if one.method == "PATCH":  # a file that changes hands is out of reach of the rest of the walk
        named.pop("principal")
    return {**made, **{name: value for name, value in named.items() if name in taken}}
