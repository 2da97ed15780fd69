"""Who stands on an account, and as what (domain.md §2.2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from core.demo.accounts import Account
from core.demo.directory import Contact
from core.demo.seed import Ids

#: Contracts that are subscribed, and those among them whose life is insured.
SUBSCRIBED = frozenset(
    {"ASSURANCE_VIE", "CAPITALISATION", "PER_INDIVIDUEL", "PERP", "MADELIN", "PREFON", "PREVOYANCE", "TONTINE"}
)
INSURED = SUBSCRIBED - {"CAPITALISATION"}
#: What may be held in two halves, usufruct and bare ownership.
SPLIT = frozenset({"SCPI", "COMPTE_TITRES", "GFF"})

SPOUSE_CLAUSE = (
    "Mon conjoint ou partenaire de PACS, à défaut mes enfants nés ou à naître, vivants ou représentés, par parts "
    "égales, à défaut mes héritiers."
)
CHILDREN_CLAUSE = "Mes enfants nés ou à naître, vivants ou représentés, par parts égales, à défaut mes héritiers."


class Roles:
    """Makes rows of `account_role` for one cabinet."""

    def __init__(self, ids: Ids, people: list[Contact], pledgee: Contact | None) -> None:
        self._ids, self._pledgee = ids, pledgee
        self._by_id = {contact.id: contact for contact in people}
        self._splits = 0
        self.rows: list[dict[str, object]] = []

    def add(self, account: Account) -> None:
        """Everybody's role on one account."""
        holder, envelope = account.holders[0], account.product.envelope
        if envelope in SPLIT and holder.children and self._splits < 4:
            self._splits += 1
            self._one(account, holder, "USUFRUITIER")
            self._one(account, self._by_id[holder.children[0]], "NU_PROPRIETAIRE")
            return
        subscribed = envelope in SUBSCRIBED
        for rank, one in enumerate(account.holders, 1):
            name = "SOUSCRIPTEUR" if subscribed else "TITULAIRE"
            self._one(account, one, name if rank == 1 else f"CO_{name}", rank=rank)
        if envelope in INSURED and holder.kind == "PERSONNE_PHYSIQUE":
            for rank, one in enumerate(account.holders, 1):
                self._one(account, one, "ASSURE", rank=rank)
        if envelope == "ASSURANCE_VIE" and len(account.holders) == 1:
            self._beneficiaries(account, holder)
        if "pledged" in account.flags and self._pledgee is not None:
            self._one(account, self._pledgee, "CREANCIER_NANTI")
        if holder.protection == "TUTELLE" and (guardian := self._guardian(holder)):
            self._one(account, guardian, "MANDATAIRE")

    def _beneficiaries(self, account: Account, holder: Contact) -> None:
        spouse = self._by_id.get(holder.partner_id or "")
        children = [self._by_id[key] for key in holder.children]
        accepted = account.opened_on + timedelta(days=400) if "accepted_beneficiary" in account.flags else None
        if spouse is not None:
            self._one(
                account, spouse, "BENEFICIAIRE", share=Decimal(1), clause=SPOUSE_CLAUSE,
                accepted_on=min(accepted, account.value_on or accepted) if accepted else None,
            )  # fmt: skip
        for child in children:
            share = (Decimal(1) / len(children)).quantize(Decimal("0.00000001"))
            self._one(account, child, "BENEFICIAIRE", rank=2 if spouse else 1, share=share, clause=CHILDREN_CLAUSE)

    def _guardian(self, holder: Contact) -> Contact | None:
        same = (one for one in self._by_id.values() if one.family == holder.family and one.id != holder.id)
        return next(same, None)

    def _one(
        self, account: Account, contact: Contact, role: str, *, rank: int = 1, share: Decimal | None = None,
        clause: str | None = None, accepted_on: object = None,
    ) -> None:  # fmt: skip
        self.rows.append(
            {
                "id": self._ids.next(), "account_id": account.id, "contact_id": contact.id, "role": role,
                "rank": rank, "share": share, "clause": clause, "accepted_on": accepted_on,
            }
        )  # fmt: skip
