"""`/p/patrimoine/pledges`: the pledges of a contact's accounts for programs, given and released (AU-01)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api.rest import Asked
from core.api.rest import Call
from core.api.rest import Given
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.rest import Taken
from core.api.rest import schemas
from core.api.web import also_reads
from plugins.patrimoine import pledges

READ, WRITE = "accounts:read", "accounts:write"
PLEDGES = Resource(
    "patrimoine_pledges", _l("Nantissements"), _l("Comptes donnés en garantie à un créancier."), plugin="patrimoine"
)


class PledgeOut(Given):
    """A pledge."""

    id = schemas.string()
    account_id = schemas.string(source="account.id")
    account = schemas.string(_l("Compte"), source="account.label")
    creditor = schemas.string(_l("Créancier"))
    amount = schemas.money(_l("Montant garanti\u202f; null\u202f: le compte entier"))
    rank = schemas.whole(_l("Rang"))
    pledged_on = schemas.day(_l("Nanti le"), null=False)
    agreed_on = schemas.day(_l("Accord du créancier aux actes, depuis le"))
    agreed_until = schemas.day(_l("Accord valable jusqu'au"))
    released_on = schemas.day(_l("Mainlevée le"))
    loan_id = schemas.string(_l("Prêt garanti"), null=True)


class PledgeQuery(Asked):
    """Whose accounts."""

    contact = schemas.ask_text(_l("Id d'un contact\u202f: titulaire, ou foyer"))


class PledgeIn(Taken):
    """A new pledge."""

    account_id = schemas.ask_text(_l("Id du compte"), missing=_l("Donnez l'id du compte."))
    creditor = schemas.ask_text(_l("Créancier"), 120, missing=_l("Saisissez le nom du créancier."))
    pledged_on = schemas.ask_day(_l("Date du nantissement"), missing=_l("Saisissez la date du nantissement."), past=True)
    amount = schemas.ask_money(_l("Montant garanti\u202f; absent\u202f: le compte entier"))
    loan_id = schemas.ask_text(_l("Id du prêt garanti"))


class AgreementIn(Taken):
    """The creditor's agreement."""

    agreed_on = schemas.ask_day(_l("Date de l'accord écrit"), missing=_l("Saisissez la date de l'accord."), past=True)
    agreed_until = schemas.ask_day(_l("Valable jusqu'au\u202f; absent\u202f: jusqu'à la mainlevée"))


class ReleaseIn(Taken):
    """A release."""

    released_on = schemas.ask_day(_l("Date de la mainlevée"), missing=_l("Saisissez la date de la mainlevée."), past=True)


@PLEDGES.get(
    "/p/patrimoine/pledges", _l("Lister les nantissements"), PledgeOut, asks=PledgeQuery, paged=True, scope=READ,
)  # fmt: skip
def listed(call: Call) -> Slice[pledges.Given]:
    """Those on accounts that the owner sees; or on those of a contact."""
    if who := call.asked.get("contact"):
        contacts.get_contact(call.session, call.adviser, who)
        return call.among(pledges.of_contact(call.session, call.adviser, who), lambda one: one.id)
    after = call.after[0] if call.after else None
    return call.page(pledges.following(call.session, call.adviser, after, size=call.more), lambda one: (one.id,))


@PLEDGES.get("/p/patrimoine/pledges/{pledge_id}", _l("Lire un nantissement"), PledgeOut, scope=READ)
def show(call: Call, pledge_id: str) -> pledges.Given:
    """One."""
    found = pledges.get(call.session, call.adviser, pledge_id)
    also_reads("account", found.account.id)
    return found


@PLEDGES.post(
    "/p/patrimoine/pledges", _l("Noter un nantissement"), PledgeOut, takes=PledgeIn, status=201, scope=WRITE,
    about=_l("Le compte est marqué comme nanti\u202f; son rang suit ceux des nantissements qui y sont déjà."),
)  # fmt: skip
def create(call: Call) -> Reply:
    """Pledge an account, at the first free rank."""
    given = call.taken
    rank = pledges.free_rank(call.session, given["account_id"])
    pledge_id = pledges.add(
        call.session, call.adviser, given["account_id"], given["creditor"], given["pledged_on"], amount=given.get("amount"),
        rank=rank, loan_id=given.get("loan_id"), pledge_id=call.once or None,
    )  # fmt: skip
    return Reply(pledges.get(call.session, call.adviser, pledge_id), location=f"/p/patrimoine/pledges/{pledge_id}")


@PLEDGES.post(
    "/p/patrimoine/pledges/{pledge_id}/release", _l("Noter une mainlevée"), PledgeOut, takes=ReleaseIn, scope=WRITE,
    about=_l("Avec la dernière, le compte n'est plus marqué comme nanti."),
)  # fmt: skip
def release(call: Call, pledge_id: str) -> pledges.Given:
    """The creditor lets go."""
    pledges.release(call.session, call.adviser, pledge_id, call.taken["released_on"])
    return pledges.get(call.session, call.adviser, pledge_id)


@PLEDGES.post(
    "/p/patrimoine/pledges/{pledge_id}/agreement", _l("Noter l'accord du créancier"), PledgeOut, takes=AgreementIn, scope=WRITE,
    about=_l("Les rachats et avances du compte sont grisés tant qu'aucun accord ne vaut à ce jour."),
)  # fmt: skip
def agree(call: Call, pledge_id: str) -> pledges.Given:
    """Acts may take from the account."""
    pledges.agree(call.session, call.adviser, pledge_id, call.taken["agreed_on"], call.taken.get("agreed_until"))
    return pledges.get(call.session, call.adviser, pledge_id)
