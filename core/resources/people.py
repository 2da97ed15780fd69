"""`/cabinet`, `/users`, `/profiles`, `/agencies`: the cabinet and its people (US-02)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l

from core.admin import people
from core.admin import sessions as open_sessions
from core.auth import invitations
from core.auth import second_factor
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.profiles import Known
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.resources import admin_schemas as shapes
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.search.words import fold

CABINET = Resource("cabinet", _l("Cabinet"), _l("Nom, coordonnées et règles de sécurité."))
USERS = Resource("users", _l("Utilisateurs"), _l("Les personnes du cabinet, leur accès et leurs sessions."))
PROFILES = Resource("profiles", _l("Profils"), _l("Ensembles de droits, ceux d'Encours et ceux du cabinet."))
AGENCIES = Resource("agencies", _l("Agences"), _l("Qui travaille ensemble."))
READ, WRITE = "administration:read", "administration:write"


@CABINET.get("/cabinet", _l("Lire le cabinet"), shapes.CabinetOut, scope=READ)
def show(call: Call) -> Any:
    """What it says of itself."""
    return services.cabinet_of(call.session)


@CABINET.patch(
    "/cabinet", _l("Modifier le cabinet"), shapes.CabinetOut, takes=shapes.CabinetPatch, scope=WRITE, same="cabinet_show"
)
def change(call: Call) -> Any:
    """Name, identity, the second factor."""
    cabinet, sent = services.cabinet_of(call.session), dict(call.taken)
    if (required := sent.pop("second_factor_required", None)) is not None:
        services.require_second_factor(call.session, on=required, actor=call.adviser.user_id)
    if sent:
        values = {**{name: getattr(cabinet, name) for name in services.IDENTITY}, **sent}
        services.change_cabinet(call.session, values, actor=call.adviser.user_id)
    return show(call)


@USERS.get("/users", _l("Lister les utilisateurs"), shapes.UserOut, asks=shapes.UserQuery, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """Also those who may not sign in any more."""
    asked, words = call.asked, fold(call.asked.get("q", "")).split()
    found = [
        one for one in people.every(call.session)
        if all(word in fold(f"{one.name} {one.email}") for word in words)
        and asked.get("profile") in (None, one.role)
        and (asked.get("agency") in (None, *one.agency_ids) or (asked.get("agency") == "none" and not one.agency_ids))
        and asked.get("second_factor") in (None, one.factor)
        and asked.get("active") in (None, one.active)
    ]  # fmt: skip
    page = call.among(found, lambda one: one.user_id)
    return Slice(tuple(map(_person, page.items)), page.last)


@USERS.post(
    "/users", _l("Ajouter une personne"), shapes.UserOut, takes=shapes.UserNew, scope=WRITE, status=201,
    about=_l("Une invitation lui est envoyée\u202f: elle choisit son mot de passe."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """The account and its invitation."""
    sent, by = call.taken, call.adviser.user_id
    _known(call, profile=sent["profile"], teams=sent.get("agencies", ()))
    user = services.add_user(
        call.session, email=sent["email"], display_name=sent["name"], role=sent["profile"], password=None, actor=by,
        user_id=call.once,
    )  # fmt: skip
    agencies.set_of_person(call.session, by, user.id, sent.get("agencies", ()))
    invitations.invite(call.session, user.id, actor=by)
    return Reply(user_show(call, user.id), f"/users/{user.id}")


@USERS.get("/users/{user_id}", _l("Lire un utilisateur"), shapes.UserOut, scope=READ)
def user_show(call: Call, user_id: str) -> dict[str, Any]:
    """One of them."""
    found = next((one for one in people.every(call.session) if one.user_id == user_id), None)
    if found is None:
        raise NotFound("Cette personne n'est pas de ce cabinet.")
    return _person(found)


@USERS.patch(
    "/users/{user_id}", _l("Modifier un utilisateur"), shapes.UserOut, takes=shapes.UserPatch, scope=WRITE, same="users_user_show"
)
def user_change(call: Call, user_id: str) -> dict[str, Any]:
    """Name, profile, agencies, access."""
    before, sent = user_show(call, user_id), call.taken
    _known(call, profile=sent.get("profile"), teams=sent.get("agencies", ()))
    values = {
        "name": sent.get("name", before["name"]), "role": sent.get("profile", before["role"]),
        "agencies": sent.get("agencies", before["agency_list"]),
    }  # fmt: skip
    people.change(call.session, call.adviser, user_id, values)
    if "active" in sent:
        people.switch(call.session, call.adviser, user_id, active=sent["active"])
    return user_show(call, user_id)


@USERS.post("/users/{user_id}/invitation", _l("Envoyer une nouvelle invitation"), shapes.InvitationOut, scope=WRITE)
def invite(call: Call, user_id: str) -> dict[str, bool]:
    """The former ones end when it leaves."""
    if not services.person(call.session, user_id).active:
        raise DomainError("L'accès de cette personne est désactivé\u202f: rouvrez-le d'abord.")
    return {"sent": invitations.invite(call.session, user_id, actor=call.adviser.user_id)}


@USERS.post(
    "/users/{user_id}/second-factor/reset", _l("Réinitialiser un second facteur"), shapes.DoneOut, scope=WRITE,
    about=_l("Ses sessions se ferment, elle en est prévenue. Le vôtre se retire dans «\u202fMon compte\u202f»."),
)  # fmt: skip
def reset_factor(call: Call, user_id: str) -> dict[str, bool]:
    """For a lost telephone."""
    services.person(call.session, user_id)
    by = call.adviser
    if user_id == by.user_id:
        raise DomainError("Votre propre second facteur se retire dans «Mon compte», avec un code.")
    changed = second_factor.remove(call.session, user_id, actor=by.user_id)
    if changed:
        open_sessions.close_all(call.session, user_id, actor=by.user_id)
        invitations.told_of_factor(call.session, user_id, by=by.name)
    return {"changed": changed}


@USERS.get("/users/{user_id}/sessions", _l("Lister les sessions d'une personne"), shapes.SessionOut, paged=True, scope=READ)
def sessions(call: Call, user_id: str) -> Slice[Any]:
    """Those that are open."""
    services.person(call.session, user_id)
    return call.among(open_sessions.listed(call.session, user_id), lambda one: one.key)


@USERS.delete("/users/{user_id}/sessions", _l("Fermer toutes les sessions d'une personne"), scope=WRITE)
def sessions_close(call: Call, user_id: str) -> None:
    """All of them."""
    services.person(call.session, user_id)
    open_sessions.close_all(call.session, user_id, actor=call.adviser.user_id)


@USERS.delete("/users/{user_id}/sessions/{key}", _l("Fermer une session d'une personne"), scope=WRITE)
def session_close(call: Call, user_id: str, key: str) -> None:
    """One of them."""
    services.person(call.session, user_id)
    if not open_sessions.close_all(call.session, user_id, actor=call.adviser.user_id, only=key):
        raise NotFound("Cette session n'existe pas, ou avait déjà pris fin.")


@PROFILES.get("/profiles", _l("Lister les profils"), shapes.ProfileOut, paged=True, scope=READ)
def profiles_listed(call: Call) -> Slice[Any]:
    """Encours's own, then the cabinet's."""
    page = call.among(profiles.listed(call.session), lambda one: one.code)
    return Slice(tuple(map(_profile, page.items)), page.last)


@PROFILES.post("/profiles", _l("Créer un profil"), shapes.ProfileOut, takes=shapes.ProfileNew, scope=WRITE, status=201)
def profile_create(call: Call) -> Reply:
    """What a right needs is added to it."""
    sent = call.taken
    made = profiles.add(call.session, call.adviser.user_id, label=sent["label"], rights=sent["rights"], profile_id=call.once)
    return Reply(_profile(made), f"/profiles/{made.id}")


@PROFILES.get("/profiles/{profile_id}", _l("Lire un profil du cabinet"), shapes.ProfileOut, scope=READ)
def profile_show(call: Call, profile_id: str) -> dict[str, Any]:
    """One that the cabinet made."""
    return _profile(profiles.own(call.session, profile_id))


@PROFILES.patch(
    "/profiles/{profile_id}", _l("Modifier un profil du cabinet"), shapes.ProfileOut, takes=shapes.ProfilePatch, scope=WRITE,
    same="profiles_profile_show",
)  # fmt: skip
def profile_change(call: Call, profile_id: str) -> dict[str, Any]:
    """From the next request of whoever has it on."""
    before, sent = profiles.own(call.session, profile_id), call.taken
    profiles.change(
        call.session, call.adviser.user_id, profile_id, label=sent.get("label", before.label),
        rights=sent.get("rights", before.rights),
    )  # fmt: skip
    return profile_show(call, profile_id)


@PROFILES.delete("/profiles/{profile_id}", _l("Supprimer un profil du cabinet"), scope=WRITE, same="profiles_profile_show")
def profile_remove(call: Call, profile_id: str) -> None:
    """Unless somebody has it."""
    profiles.remove(call.session, call.adviser.user_id, profile_id)


@AGENCIES.get("/agencies", _l("Lister les agences"), shapes.AgencyOut, paged=True, scope=READ)
def agencies_listed(call: Call) -> Slice[Any]:
    """All of them."""
    page = call.among(agencies.listed(call.session), lambda one: one.id)
    return Slice(tuple(map(_agency, page.items)), page.last)


@AGENCIES.post("/agencies", _l("Créer une agence"), shapes.AgencyOut, takes=shapes.AgencyNew, scope=WRITE, status=201)
def agency_create(call: Call) -> Reply:
    """Name and members."""
    made = agencies.add(call.session, call.adviser.user_id, call.taken["name"], agency_id=call.once)
    agencies.set_members(call.session, call.adviser.user_id, made, call.taken.get("members", ()))
    return Reply(agency_show(call, made), f"/agencies/{made}")


@AGENCIES.get("/agencies/{agency_id}", _l("Lire une agence"), shapes.AgencyOut, scope=READ)
def agency_show(call: Call, agency_id: str) -> dict[str, Any]:
    """One of them."""
    return _agency(agencies.team(call.session, agency_id))


@AGENCIES.patch(
    "/agencies/{agency_id}", _l("Modifier une agence"), shapes.AgencyOut, takes=shapes.AgencyPatch, scope=WRITE,
    same="agencies_agency_show",
)  # fmt: skip
def agency_change(call: Call, agency_id: str) -> dict[str, Any]:
    """Name, members."""
    agencies.team(call.session, agency_id)
    if "name" in call.taken:
        agencies.rename(call.session, call.adviser.user_id, agency_id, call.taken["name"])
    if "members" in call.taken:
        agencies.set_members(call.session, call.adviser.user_id, agency_id, call.taken["members"])
    return agency_show(call, agency_id)


@AGENCIES.delete("/agencies/{agency_id}", _l("Supprimer une agence"), scope=WRITE, same="agencies_agency_show")
def agency_remove(call: Call, agency_id: str) -> None:
    """Nobody leaves the cabinet."""
    agencies.remove(call.session, call.adviser.user_id, agency_id)


def _known(call: Call, *, profile: str | None, teams: Any) -> None:
    """What is named must be the cabinet's. Raises `DomainError`."""
    if profile is not None and profile not in profiles.labels(call.session):
        raise DomainError("Choisissez le profil parmi ceux du cabinet.", field="profile")
    if set(teams) - {team.id for team in agencies.listed(call.session)}:
        raise DomainError("Choisissez des agences du cabinet.", field="agencies")


def _person(line: people.Line) -> dict[str, Any]:
    return {**asdict(line), "agency_list": sorted(line.agency_ids)}


def _profile(known: Known) -> dict[str, Any]:
    return {**asdict(known), "sorted_rights": sorted(known.rights)}


def _agency(team: agencies.Team) -> dict[str, Any]:
    return {"id": team.id, "name": team.name, "member_list": sorted(team.ids)}
