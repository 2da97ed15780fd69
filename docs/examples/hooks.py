"""One example of every hook: the plugin «exemple». The tests run it and type-check it; docs/hooks.md shows its parts."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from core.api import Context
from core.api import MandateMissing
from core.api import Plugin
from core.api import book
from core.api import db
from core.api import hookimpl
from core.api import http
from core.api import notify
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import FeedRefused
from core.api.feeds import Place
from core.api.feeds import PortfolioAsked
from core.api.feeds import PortfolioPage
from core.api.forms import Form
from core.api.forms import fields
from core.api.types import AccountAction
from core.api.types import AccountNote
from core.api.types import AccountRef
from core.api.types import Attached
from core.api.types import Badge
from core.api.types import BudgetItem
from core.api.types import Cell
from core.api.types import Column
from core.api.types import ContactSection
from core.api.types import DocumentSlot
from core.api.types import Event
from core.api.types import Finding
from core.api.types import FindingLine
from core.api.types import FormStep
from core.api.types import Guard
from core.api.types import Intent
from core.api.types import Launch
from core.api.types import Message
from core.api.types import MessageChannel
from core.api.types import MessageContact
from core.api.types import MessageReceipt
from core.api.types import ModelOffer
from core.api.types import Module
from core.api.types import OfferedAccount
from core.api.types import Ownership
from core.api.types import Partner
from core.api.types import PersonalData
from core.api.types import Probe
from core.api.types import QueryField
from core.api.types import QuickAction
from core.api.types import Ready
from core.api.types import Refused
from core.api.types import SearchHit
from core.api.types import SearchHits
from core.api.types import SearchProvider
from core.api.types import SettingsPage
from core.api.types import Step
from core.api.types import Submitted
from core.api.types import TransactionRef
from core.api.types import TransactionStatusChanged
from core.api.types import TransactionType
from core.api.types import WealthItem

#: Contacts of whom the example keeps a wish.
WISHES = frozenset({"01hk153x000000000000000aqt"})


class PaymentForm(Form):
    """What the first step asks."""

    amount = fields.amount(_l("Montant du versement"), missing=_l("Saisissez un montant."))


class ExamplePlugin(Plugin):
    """A link to «Example Vie», which speaks a protocol of its own, with a page and a group in the quick search."""

    name = "exemple"
    title = "Lien Example Vie"
    version = "1.0"
    partner = Partner("exemple", "Example Vie", "E", companies=("example-vie",), number=r"EXV\d{8}", hosts=("extranet.example",))

    @hookimpl
    def account_actions(self, ctx: Context, account: AccountRef) -> Sequence[AccountAction]:
        if ctx.partner is None or ctx.partner.kind != "active":
            raise MandateMissing("Le lien n'est pas activé.", remedy="Un administrateur peut l'activer.")
        surrender = AccountAction("rachat_partiel", "Rachat partiel", "arrow-down", nature="rachat")
        if account.value is None:
            surrender = AccountAction(
                "rachat_partiel", "Rachat partiel", "arrow-down", nature="rachat", enabled=False,
                reason="La valeur de ce contrat n'est pas connue.", remedy="Demandez un relevé à la compagnie.",
                reason_code="other",
            )  # fmt: skip
        return [AccountAction("arbitrage", "Arbitrage", "switch", nature="arbitrage"), surrender]

    @hookimpl
    def transaction_types(self, ctx: Context, account: AccountRef) -> Sequence[TransactionType]:
        if account.plugin != self.name:
            return ()
        return [TransactionType("arbitrage", "Arbitrage", "arbitrage", "switch")]

    @hookimpl
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        if not account.pledged:
            return {}
        warning = Guard("warn", "contract_pledged", "Ce contrat est nanti.", "Obtenez l'accord du créancier.")
        return {act: warning for act, nature in acts.items() if nature == "rachat"}

    @hookimpl
    def start_transaction(self, ctx: Context, account: AccountRef, intent: Intent) -> Launch | FormStep:
        if intent.act == "versement_complementaire":  # listed with the mode «form»: typed here
            return FormStep("montant", "Montant et pièce", PaymentForm, documents=(DocumentSlot("rib", "RIB du souscripteur"),))
        params = (("launch", intent.launch_id), ("act", intent.act))
        return Launch("https://extranet.example/entree", params, ("https://extranet.example",))

    @hookimpl
    def continue_transaction(
        self, ctx: Context, account: AccountRef, intent: Intent, step: str, values: Mapping[str, Any],
        documents: Mapping[str, Attached],
    ) -> FormStep | Ready | Refused:  # fmt: skip
        if values["amount"] < 100:
            return Refused(errors={"amount": "100 € au moins."})
        return Ready(notice="En transmettant, vous confirmez l'accord du souscripteur.", amount=values["amount"])

    @hookimpl
    def submit_transaction(
        self, ctx: Context, account: AccountRef, intent: Intent, values: Mapping[str, Any], documents: Mapping[str, Attached]
    ) -> Submitted | Refused:
        body = {"reference": intent.transaction_ref, "amount": str(values["amount"]), "rib": documents["rib"].sha256}
        sent = {"Idempotency-Key": intent.launch_id}
        answer = http.request(ctx, "POST", "https://extranet.example/operations", operation="submit", json=body, headers=sent)
        found = answer.json()
        return Submitted(found["number"]) if answer.status == 201 else Refused(found["message"], found["errors"])

    @hookimpl
    def wealth_items(self, ctx: Context, contacts: Sequence[str], on: date) -> Sequence[WealthItem]:
        owners = tuple(Ownership(contact, Decimal(1) / len(contacts), "INDIVISION") for contact in contacts)
        return [
            WealthItem(
                "bois-1", "Bois de Vaux, 12 ha", "FONCIER", Decimal(96_000), owners, as_of=date(2026, 1, 1),
                source="Estimation du groupement", immovable=True, taxable=Decimal("0.25"),
            )
        ]  # fmt: skip

    @hookimpl
    def budget_items(self, ctx: Context, contacts: Sequence[str], on: date) -> Sequence[BudgetItem]:
        return [BudgetItem(contact, "REVENU", "Coupes de bois", Decimal(1_800)) for contact in contacts]

    @hookimpl
    def portfolio_checks(self, ctx: Context, accounts: Sequence[AccountRef], on: date) -> Sequence[Finding]:
        lines = tuple(FindingLine(one.label, account_id=one.id) for one in accounts if one.company_code == "example-vie")
        if not lines:
            return []
        said, remedy = "Example Vie ferme son fonds Horizon à la fin de l'année.", "Proposez un arbitrage avant."
        source = "Courrier d'Example Vie du 2 mars 2026"
        return [Finding("horizon", "ATTENTION", "Fonds qui ferme", said, source, remedy, lines, act="Arbitrage")]

    @hookimpl
    def query_fields(self, ctx: Context) -> Sequence[QueryField]:
        return [QueryField("exemple.city", "contacts", "text", "Ville du contact", book.Contact.city, group="Exemple")]

    @hookimpl
    def feed_formats(self, ctx: Context) -> Sequence[FeedFormat]:
        return [FeedFormat("valeurs", "Valeurs d'Example Vie", (".val",), values_sniffed, values_read)]

    @hookimpl
    def fetch_portfolio(self, ctx: Context, asked: PortfolioAsked) -> PortfolioPage:
        address = f"https://extranet.example/valeurs?page={asked.cursor or '1'}"
        sent = {"If-None-Match": asked.mark} if asked.mark else {}
        answer = http.request(ctx, "GET", address, operation="portfolio", headers=sent)
        if answer.status == 304:
            return PortfolioPage(b"", "", mark=asked.mark)
        told = answer.headers
        return PortfolioPage(answer.body, "valeurs.val", cursor=told.get("Next-Page", ""), mark=told.get("ETag", ""))

    @hookimpl
    def activation_steps(self, ctx: Context) -> Sequence[Step]:
        return [
            Step("mandat", "Mandat signé", "done", on=date(2026, 3, 2)),
            Step("activation", "Activation par la compagnie", "current", text="Attendue sous dix jours."),
        ]

    @hookimpl
    def test_connection(self, ctx: Context) -> Probe:
        if not ctx.settings.get("address"):
            return Probe(False, "L'adresse du partenaire n'est pas encore réglée.")
        return Probe(True, "Example Vie répond.")

    @hookimpl
    def account_badges(self, ctx: Context, accounts: Sequence[AccountRef]) -> Mapping[str, Badge]:
        state = ctx.partner.kind if ctx.partner else "inactive"
        badge = Badge(self.name, "E", "Example Vie", state)
        return {account.id: badge for account in accounts if account.plugin == self.name}

    @hookimpl
    def account_notes(self, ctx: Context, account: AccountRef) -> Sequence[AccountNote]:
        if not account.pledged:
            return []
        return [AccountNote("pledge", "Ce contrat garantit un prêt.", "warning", endpoint="p_exemple.index")]

    @hookimpl
    def model_portfolios(self, ctx: Context, accounts: Sequence[AccountRef], level: int) -> Sequence[ModelOffer]:
        if level < 3:
            return []
        each = [
            OfferedAccount(one.id, "Aucune ligne connue.", possible=False) if one.value is None else
            OfferedAccount(one.id, "Au plus 4 points d'écart.", act="Proposer un arbitrage", endpoint="p_exemple.index")
            for one in accounts
        ]  # fmt: skip
        return [ModelOffer("vif", "Horizon vif", "version 2", "p_exemple.index", accounts=tuple(each))]

    @hookimpl
    def transaction_columns(self, ctx: Context, transactions: Sequence[TransactionRef]) -> Sequence[Column]:
        cells = {row.id: Cell(row.partner_ref) for row in transactions if row.partner_ref and row.plugin == self.name}
        return [Column("partner_ref", "Référence Example Vie", cells)] if cells else []

    @hookimpl
    def message_channels(self, ctx: Context, contact: MessageContact) -> Sequence[MessageChannel]:
        return [MessageChannel("courriel", "E-mail", "EMAIL", one.address) for one in contact.emails[:1]]

    @hookimpl
    def send_message(self, ctx: Context, message: Message) -> MessageReceipt:
        body = {"to": message.address, "subject": message.subject, "text": message.text, "files": len(message.files)}
        sent = {"Idempotency-Key": message.key}
        answer = http.request(ctx, "POST", "https://extranet.example/envois", operation="send", json=body, headers=sent)
        if answer.status == 201:
            return MessageReceipt("sent", reference=answer.json()["number"])
        return MessageReceipt("refused", reason="Example Vie n'a pas pris le message.")

    @hookimpl
    def personal_data(self, ctx: Context, contact_id: str) -> Sequence[PersonalData]:
        wishes = [("12/03/2026", "Préparer la retraite")] if contact_id in WISHES else []
        return [PersonalData("wishes", "Souhaits", "Suivi de ce que vous demandez.", ("Date", "Souhait"), wishes)]

    @hookimpl
    def modules(self, ctx: Context) -> Sequence[Module]:
        return [Module("exemple", "Example Vie", "p_exemple.index", "briefcase", 80, "accounts.view")]

    @hookimpl
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        return [ContactSection("exemple", "Example Vie", "portefeuille", "p_exemple.contact", 50, "accounts.view")]

    @hookimpl
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        return [SearchProvider("agences", "Agences Example Vie", agencies_found, "map-pin", 90)]

    @hookimpl
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        return [QuickAction("ouvrir", "Ouvrir Example Vie", "p_exemple.index", "external-link", 90, "accounts.view")]

    @hookimpl
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        about = "Ce que le partenaire envoie à chacun."
        return [SettingsPage("avis", "Avis d'Example Vie", "p_exemple.index", "messagerie", about, ("courrier", "relevé"))]

    @hookimpl
    def on_event(self, ctx: Context, event: Event) -> None:
        if isinstance(event, TransactionStatusChanged) and event.after == "rejected":
            notify.notify_administrators(
                db.session(), kind="warning", key=f"exemple:{event.transaction_id}:refus",
                title="Une transaction a été refusée", text=f"{event.reference} : {event.label}.",
            )  # fmt: skip


def values_sniffed(head: bytes, name: str) -> int:
    """Its first line is «EXAMPLE-VIE;1»."""
    return 90 if head.startswith(b"EXAMPLE-VIE;1") else 0


def values_read(file: FeedFile) -> Iterator[FeedRecord]:
    """Each further line is «contract;day;value»: EXV00000001;2026-03-31;12000.50."""
    with file.open() as stream:
        for number, line in enumerate(stream, 1):
            if number == 1:
                continue
            place = Place(number)
            try:
                contract, day, value = line.decode().strip().split(";")
                on, amount = date.fromisoformat(day), Decimal(value)
            except (ValueError, ArithmeticError) as error:
                raise FeedRefused("cette ligne n'est pas «\u202fcontrat\u202f; jour\u202f; valeur\u202f».", place) from error
            yield AccountSeen(contract, contract, place, company="Example Vie", currency="EUR")
            yield BalanceSeen(contract, "value", on, amount, "EUR", place)


AGENCIES = ("Lyon", "Nantes", "Paris")


def agencies_found(ctx: Context, text: str, limit: int) -> SearchHits:
    """What the group answers: at most `limit` hits, each with where it leads."""
    hits = [SearchHit(town, town, "p_exemple.agency", {"town": town}) for town in AGENCIES if text.casefold() in town.casefold()]
    return SearchHits(tuple(hits[:limit]), more=len(hits) > limit)
