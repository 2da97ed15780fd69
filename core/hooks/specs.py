"""The hooks, as methods of `Plugin`. A plugin subclasses it and decorates what it overrides with `@hookimpl`.

The way a hook is called stands in its `@hookspec`: `lane` inline (in place, no I/O) or guarded (own thread, own
session, given up at the deadline); `kind` collect (all enabled plugins), addressed (one plugin), notify (after
commit). `docs/hooks.md` is made from this file and `types.py`: each docstring says when the hook is called, what each
argument is, what it returns, and what happens if it fails; `docs/examples/hooks.py` holds an example of each. Since 1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from typing import Any

from core.hooks.budget import BudgetItem
from core.hooks.described import Described
from core.hooks.feeds import FeedFormat
from core.hooks.findings import Finding
from core.hooks.happenings import Event
from core.hooks.journeys import Attached
from core.hooks.journeys import FormStep
from core.hooks.journeys import Ready
from core.hooks.journeys import Refused
from core.hooks.journeys import Submitted
from core.hooks.marks import PROJECT as PROJECT
from core.hooks.marks import Spec as Spec
from core.hooks.marks import hookimpl as hookimpl
from core.hooks.marks import hookspec as hookspec
from core.hooks.messages import Message
from core.hooks.messages import MessageChannel
from core.hooks.messages import MessageContact
from core.hooks.messages import MessageReceipt
from core.hooks.offers import ModelOffer
from core.hooks.personal import PersonalData
from core.hooks.portfolios import PortfolioAsked
from core.hooks.portfolios import PortfolioPage
from core.hooks.queries import QueryField
from core.hooks.types import AccountAction
from core.hooks.types import AccountNote
from core.hooks.types import AccountRef
from core.hooks.types import Badge
from core.hooks.types import Column
from core.hooks.types import ContactSection
from core.hooks.types import Context
from core.hooks.types import Guard
from core.hooks.types import Intent
from core.hooks.types import Launch
from core.hooks.types import Module
from core.hooks.types import Probe
from core.hooks.types import QuickAction
from core.hooks.types import SearchProvider
from core.hooks.types import SettingsPage
from core.hooks.types import Step
from core.hooks.types import TransactionRef
from core.hooks.types import TransactionType
from core.hooks.wealth import WealthItem


class Plugin(Described):
    """What every plugin subclasses: its metadata, and one short method per hook that it implements."""

    # --- asked of an account's partner -------------------------------------------------------------------------

    @hookspec(lane="guarded", kind="addressed", shape="list", item=AccountAction, limit=5.4)
    def account_actions(self, ctx: Context, account: AccountRef) -> Sequence[AccountAction]:
        """The acts of the icon's menu for one account, in the partner's own order (BL-08, BL-10).

        The answer is never kept to enable an act later: what is open is asked at each opening.

        When: an adviser opens the menu «Actions …» of an account whose partner link is this plugin's.
        account: the account, with the reference by which the partner knows it (`link_ref`).
        Returns: one entry an act; its key is the act's code; what is not open is greyed and has a reason.
        Fails: the menu says so in its place, with «Réessayer»; `MandateMissing` and `ActionNeeded` say what to do first.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="list", item=TransactionType, limit=5.4)
    def transaction_types(self, ctx: Context, account: AccountRef) -> Sequence[TransactionType]:
        """What may be added to an account from its tab Transactions (BL-09).

        The account's partner answers with the list of `account_actions`; others may add types typed here.

        When: an adviser opens «Ajouter» in an account's tab Transactions.
        account: the account; a partner plugin answers nothing for one that is not its own (`account.plugin`).
        Returns: one entry a type; `mode` says whether it is launched at the partner or typed in a form here.
        Fails: the list shows what the others answered, and names the module that did not.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="mapping", item=Guard)
    def transaction_guards(self, ctx: Context, account: AccountRef, acts: Mapping[str, str]) -> Mapping[str, Guard]:
        """Local rules on acts: they may grey an act or ask for a reason, never open one (BL-10, BL-11).

        When: with each list of acts, then once more in place inside the launch's transaction.
        account: the account on which the acts would be done.
        acts: act code → nature, of all acts in the list.
        Returns: by act code, the guard of each act that is blocked or warned about; the others are left out.
        Fails: every act of the list is greyed with the reason code `unknown`: nothing passes for want of an answer.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="one", item=(Launch, FormStep))
    def start_transaction(self, ctx: Context, account: AccountRef, intent: Intent) -> Launch | FormStep:
        """How an act begins: the browser is handed over to the partner (BL-12), or its first step is typed here (BL-14).

        An act listed with the mode «launch» answers a `Launch`, one of the mode «form» a `FormStep`. No partner is called.

        When: an adviser picked an act; for a journey again whenever one of its pages is made, with the same answer.
        account: the account on which the act is done.
        intent: the act; for a launch, the claims that the partner will read in the token (PLP-076).
        Returns: the address, the parameters of a GET form and the origins that the browser may cross; or the first step.
        Fails: nothing is handed over or begun; the page says why and leads back.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="one", item=(FormStep, Ready, Refused), limit=5.4)
    def continue_transaction(
        self, ctx: Context, account: AccountRef, intent: Intent, step: str, values: Mapping[str, Any],
        documents: Mapping[str, Attached],
    ) -> FormStep | Ready | Refused:  # fmt: skip
        """What follows a step that was filled in (BL-14). Nothing is sent: what is typed here stays here until it is confirmed.

        When: a step passed its schema and has its documents; again whenever a later page is made, so with the same answer.
        account: the account on which the act is done.
        intent: the act.
        step: the key of the step that was filled in.
        values: all that was typed so far, as the schemas read it, by field.
        documents: all that was joined so far, by slot.
        Returns: the next step; `Ready` after the last one; `Refused` where the step has to be corrected first.
        Fails: what was typed is kept; the page says why, with «Réessayer».
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="one", item=(Submitted, Refused), limit=30)
    def submit_transaction(
        self, ctx: Context, account: AccountRef, intent: Intent, values: Mapping[str, Any], documents: Mapping[str, Attached]
    ) -> Submitted | Refused:
        """Transmit an act that was typed here and confirmed (BL-14): the only hook of a journey that reaches the partner.

        `intent.launch_id` is the idempotency key: the same for each try, and after corrections. What the partner refused
        does not use it up; what it accepted once it answers again, and never carries out twice.

        When: after the adviser confirmed, by a job of the worker: at least once.
        account: the account on which the act is done.
        intent: the act.
        values: all that was typed, as the schemas read it, by field.
        documents: all that was joined, by slot.
        Returns: `Submitted` with the partner's number; `Refused` gives the journey back to the adviser, faults beside the fields.
        Fails: `PartnerRefused` gives it back too; after any other failure it is tried again with growing pauses, for 75 hours.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="list", item=Step)
    def activation_steps(self, ctx: Context) -> Sequence[Step]:
        """The steps of the partner's activation for the cabinet (BL-05).

        When: settings and greyed icons ask how far the activation is.
        Returns: all steps in their order, each with its state, and its date once it is done.
        Fails: the page says that the module is unavailable, in the steps' place.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="one", item=Probe, limit=5.4)
    def test_connection(self, ctx: Context) -> Probe:
        """Whether the partner answers, asked once, now: «Tester la connexion» (PL-04).

        It reads only: nothing is changed here or there.

        When: an administrator presses the button on the module's page.
        Returns: whether it answers, and a sentence for the administrator.
        Fails: the sentence of the error word, or «indisponible» with the reference that finds the log.
        """
        raise NotImplementedError

    # --- lists, in one batch -----------------------------------------------------------------------------------

    @hookspec(lane="inline", kind="collect", shape="mapping", item=Badge)
    def account_badges(self, ctx: Context, accounts: Sequence[AccountRef]) -> Mapping[str, Badge]:
        """The icon of each account: in one call for a whole list, with no I/O (BL-06).

        When: a list or page of accounts is made.
        accounts: those of the page; never more than the list shows.
        Returns: by account id, the icon; accounts without one are left out.
        Fails: the list is shown without these icons, and names the module above it.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=Column)
    def transaction_columns(self, ctx: Context, transactions: Sequence[TransactionRef]) -> Sequence[Column]:
        """Columns added to a table of transactions, with their cells (BL-13).

        When: a table of transactions is made.
        transactions: those of the page.
        Returns: columns; two plugins that answer the same key fill one column together, each its own rows.
        Fails: the table is shown without these columns, and names the module above it.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="list", item=AccountNote)
    def account_notes(self, ctx: Context, account: AccountRef) -> Sequence[AccountNote]:
        """What there is to say of one account, above each of its pages (AU-01).

        When: a page of an account is made.
        account: the account; the person who looks may see it.
        Returns: notes; most often none. A reason that greys an act is a guard's to give, not a note's.
        Fails: the page is shown without them, and names the module.
        """
        raise NotImplementedError

    # --- engines -----------------------------------------------------------------------------------------------

    @hookspec(lane="guarded", kind="collect", shape="list", item=WealthItem)
    def wealth_items(self, ctx: Context, contacts: Sequence[str], on: date) -> Sequence[WealthItem]:
        """What these people own and owe, as this plugin knows it: for balance sheets, totals, the IFI (PA-01, NX-02).

        Accounts of the book of record are core's own: they are not given here.

        When: a balance sheet or a total is reckoned.
        contacts: ids, all of one household at most; the person who asks may see each.
        on: the day; a thing that was not owned then is left out, a value is the last one known by then.
        Returns: each thing on which one of them has a right, once, with all who have a right on it.
        Fails: the balance sheet says that it is not whole, and names the module.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="list", item=BudgetItem)
    def budget_items(self, ctx: Context, contacts: Sequence[str], on: date) -> Sequence[BudgetItem]:
        """What these people earn, spend and put aside, as this plugin knows it: for what prints a budget (PA-02, CO-01).

        When: a document that lists a budget is prepared.
        contacts: ids; the person who asks may see each.
        on: the day; what had ended by then, or had not begun, is left out.
        Returns: lines of a whole year, each of one person; what is shared is told by each one's part.
        Fails: the document says that it is not whole, and names the module.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="list", item=Finding)
    def portfolio_checks(self, ctx: Context, accounts: Sequence[AccountRef], on: date) -> Sequence[Finding]:
        """What is to be seen, put right or asked about in a portfolio (PF-07).

        When: an audit is made: of a person, a household.
        accounts: all of the portfolio that were open that day, in one call; the person who asks may see each.
        on: the day: what was not known by then is not judged by.
        Returns: findings, each with its lines, where its rule comes from and what to do; none where all is in order.
        Fails: the audit shows what the others found, says that it is not whole, and names the module.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="collect", shape="list", item=ModelOffer)
    def model_portfolios(self, ctx: Context, accounts: Sequence[AccountRef], level: int) -> Sequence[ModelOffer]:
        """The model portfolios that suit a level of risk, and what each could do for some accounts (CO-03, PF-09).

        When: a client's allocation is shown beside the one that suits him.
        accounts: his open accounts, in one call; the person who asks may see each.
        level: of the investor's profile, from 1 (Sécuritaire) to 5 (Offensif); a model of a higher one does not suit.
        Returns: models, each with these accounts: how far each is from it, or why it cannot be applied there.
        Fails: the page lists what to move by class, says that models could not be read, and names the module.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=QueryField)
    def query_fields(self, ctx: Context) -> Sequence[QueryField]:
        """Fields of requests, filters and panels (RQ-01).

        When: a request is made, shown or run.
        Returns: fields; a path is the plugin's for good: saved requests name it.
        Fails: its fields are not offered; a saved request that names one says so.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=FeedFormat)
    def feed_formats(self, ctx: Context) -> Sequence[FeedFormat]:
        """Formats of files that portfolios and facts of supports come in (AGG-01, OU-09).

        When: a file comes in by upload, from a watched folder or from a source.
        Returns: formats; a key is the plugin's for good: kept files name it.
        Fails: files of these formats are refused as unknown; the others are read.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="one", item=PortfolioPage, limit=35)
    def fetch_portfolio(self, ctx: Context, asked: PortfolioAsked) -> PortfolioPage:
        """Ask the partner what the cabinet's clients hold there: one page of its answer, as it came (AGG-01).

        It writes nothing. The bytes are kept by their hash, read by a format of the module's own (`feed_formats`), attached,
        compared, applied and taken back like those of any other file. The same state gives the same bytes: what is no
        part of it (the moment of the answer) has no place in them.

        When: each night and when somebody presses «Actualiser maintenant», by a job of the worker; once a page.
        asked: which page, from which day on movements are wanted, how the last whole reading was marked.
        Returns: the page, and what asks for the next one.
        Fails: nothing of the page is written; the page of feeds says why and what to do, and administrators are told.
        """
        raise NotImplementedError

    # --- messages to clients -----------------------------------------------------------------------------------

    @hookspec(lane="inline", kind="collect", shape="list", item=MessageChannel)
    def message_channels(self, ctx: Context, contact: MessageContact) -> Sequence[MessageChannel]:
        """The ways in which this module reaches a contact (PF-03). It sends nothing and asks nobody.

        Of all modules' ways the first that is open is taken, by weight, then by the cabinet's order. Core sees to it that an
        e-mail goes only to an address of the contact's, with its agreement, and to nobody who died.

        When: before something is sent, for each contact; and once more when it leaves.
        contact: who is to be reached, with its e-mail addresses.
        Returns: ways; one that is shut for this contact says why in `refused`; none where the module knows no way.
        Fails: the page names the module, and goes on with the others' ways.
        """
        raise NotImplementedError

    @hookspec(lane="guarded", kind="addressed", shape="one", item=MessageReceipt, limit=30)
    def send_message(self, ctx: Context, message: Message) -> MessageReceipt:
        """Carry a message to a contact (PF-03): the only hook that reaches clients.

        `message.key` is the idempotency key: a worker that died after it was sent asks again with the same one, and gets the
        same receipt, with nothing sent twice. `ctx.principal` is the person who asked, for the name that signs and the answer's
        address.

        When: after a person confirmed, by a job of the worker: at least once.
        message: to whom, by which of the module's channels, what it says, the documents that go with it.
        Returns: a receipt; «refused» is told to the person and tried again only when one says so.
        Fails: `PartnerRefused` is «refused»; after any other failure it is tried again with growing pauses, for 75 hours.
        """
        raise NotImplementedError

    # --- a contact's own data ----------------------------------------------------------------------------------

    @hookspec(lane="guarded", kind="collect", shape="list", item=PersonalData, limit=20)
    def personal_data(self, ctx: Context, contact_id: str) -> Sequence[PersonalData]:
        """What the module keeps of a contact, for the contact's right of access (RGPD, articles 15 and 20).

        All of it is handed to the contact: what the law keeps from him (vigilance, suspicions) is not returned. A module
        whose `references` name contacts implements it. Rows go with the contact by `references`, not here.

        When: a person exports a contact's data, having the right to see all of it.
        contact_id: whose data.
        Returns: a table a subject; an empty one says that nothing is kept of it.
        Fails: the export says which module's data it lacks.
        """
        raise NotImplementedError

    # --- navigation --------------------------------------------------------------------------------------------

    @hookspec(lane="inline", kind="collect", shape="list", item=Module)
    def modules(self, ctx: Context) -> Sequence[Module]:
        """Entries of the module bar.

        When: each page is made.
        Returns: entries; those whose permission the person lacks are not shown.
        Fails: the bar is shown without them, and a note names the module.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=ContactSection)
    def contact_sections(self, ctx: Context) -> Sequence[ContactSection]:
        """Pages of a contact's file, by rubric.

        When: a page of a contact's file is made, and in «Tout parcourir».
        Returns: entries; the endpoint gets the contact's id as `contact_id`.
        Fails: the file is shown without them, and names the module.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=SearchProvider)
    def search_providers(self, ctx: Context) -> Sequence[SearchProvider]:
        """Groups of the quick search and of the palette (RE-01 to RE-03).

        Each provider's `search` runs by itself in the guarded lane, so that a slow one never delays the others.

        When: with each page of results of the quick search, and to draw its empty groups.
        Returns: one group or more.
        Fails: the search goes on without this module's groups; a failing `search` says so in its own group.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=QuickAction)
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """Entries of the quick menu «+», in every module, and of the palette (QM-01).

        When: each page is made.
        Returns: entries; those whose permission the person lacks are not shown.
        Fails: the menu is shown without them; an endpoint that leads nowhere is counted as the plugin's fault.
        """
        raise NotImplementedError

    @hookspec(lane="inline", kind="collect", shape="list", item=SettingsPage)
    def settings_pages(self, ctx: Context) -> Sequence[SettingsPage]:
        """Pages of settings, in the tree of Services and its search (US-02).

        Settings that the schema opens to persons are listed by core: this is for pages of the plugin's own.

        When: a page of Services is made.
        Returns: entries; those whose permission the person lacks are not shown.
        Fails: the tree is shown without them, and a note names the module; an endpoint that leads nowhere is its fault.
        """
        raise NotImplementedError

    # --- after commit ------------------------------------------------------------------------------------------

    @hookspec(lane="guarded", kind="notify", shape="none", item=object, limit=30)
    def on_event(self, ctx: Context, event: Event) -> None:
        """Something happened. A hook may write: its session is committed when it returns.

        When: after the change is committed, by a job of the worker: at least once, so idempotently.
        event: what happened, one of the types of `Event`.
        Returns: nothing.
        Fails: the job tries again later with growing pauses, for 75 hours.
        """
        raise NotImplementedError


def specs() -> dict[str, Spec]:
    """Every hook by name."""
    return {name: function.encours_hook for name, function in vars(Plugin).items() if hasattr(function, "encours_hook")}
