"""BoursoBank: contract notes of the stock exchange and of funds, notices of coupons."""

from __future__ import annotations

from plugins.aggregation.formats.statements.language import DAY
from plugins.aggregation.formats.statements.language import FIGURE
from plugins.aggregation.formats.statements.language import ISIN
from plugins.aggregation.formats.statements.language import Block
from plugins.aggregation.formats.statements.language import Document
from plugins.aggregation.formats.statements.language import Line

COMPANY = "BoursoBank"
_MONEY = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})*,\d{2})"
_HEAD = (
    Line(r"^(?P<bank>\d{5} \d{5}) (?P<number>\d{11})\b", required=True),
    Line(r"(?P<word>Compte PEA(?:[- ]PME)?)\b"),
    Line(r"^(?P<holder>(?:MR|MME|MLLE|M\.) .+)$"),
    Line(rf"^le (?P<dated>{DAY})$"),
)
_SUPPORT = (
    Line(r"Référence : (?P<reference>\w{6,20})"),
    # the name ends where the reference begins, on notes that print both on one line
    Line(rf"^(?P<on>{DAY}) (?P<quantity>{FIGURE}) (?P<label>.+?)(?: Référence : .*)?$", required=True),
    Line(rf"Code ISIN : (?P<isin>{ISIN})", required=True),
)
_NET = rf"^(?P<net>{_MONEY}) (?P<currency>EUR)$"
_NET_TITLE = r"^Montant net au (?:débit|crédit) de votre compte$"
_ROW_TITLE = r"^Montant brut Commission Frais .*Montant net au (?:débit|crédit) de votre compte$"
_FUND_TITLE = r"^Montant brut Droits d.*Montant net au (?:débit|crédit) de votre compte$"
_ROW = (
    rf"^(?P<gross>{_MONEY}) EUR +(?P<fees>{_MONEY}) EUR +(?:(?P<taxes>{_MONEY}) EUR +)?(?P<net>{_MONEY}) (?P<currency>EUR)$"
)
_FUND_ROW = (
    rf"^(?P<gross>{_MONEY}) EUR +(?P<fees>{_MONEY}) EUR +(?P<more_fees>{_MONEY}) EUR +(?:(?P<taxes>{_MONEY}) EUR +)?"
    rf"(?P<net>{_MONEY}) (?P<currency>EUR)$"
)

TRADE = Document(
    "boursobank.ordre", COMPANY,
    (r"^OPERATION DE BOURSE$", r"^Références de votre compte titres|de votre compte titres$", r"^(?:ACHAT|VENTE) COMPTANT"),
    _HEAD,
    (
        Block("movement", r"^(?:ACHAT|VENTE) COMPTANT", lines=(
            Line(r"^(?P<word>(?P<way>ACHAT|VENTE) COMPTANT.*)$", required=True),
            *_SUPPORT,
            Line(rf"Cours exécuté : (?P<price>{FIGURE}) (?P<price_currency>[A-Z]{{3}})", required=True),
            Line(_ROW, after=_ROW_TITLE),
            Line(_NET, after=_NET_TITLE),
            Line(rf"^{_MONEY} EUR +{_MONEY} EUR +(?P<fees>{_MONEY}) EUR$", after=r"^Commission Frais divers Montant total"),
            Line(rf"^Contrevalorisation en EURO (?P<rate>\d+,\d+) (?P<gross>{_MONEY}) EUR$"),
            Line(rf"^(?P<gross>{_MONEY}) EUR\b", after=r"^Montant transaction brut Intérêts total brut"),
        )),
    ),
)  # fmt: skip

FUND = Document(
    "boursobank.opc", COMPANY,
    (r"^OPERATION SUR OPC$", r"compte titres$", r"^(?:SOUSCRIPTION|REPRISE) "),
    _HEAD,
    (
        Block("movement", r"^(?:SOUSCRIPTION|REPRISE) ", lines=(
            Line(r"^(?P<word>(?P<way>SOUSCRIPTION|REPRISE) .*)$", required=True),
            *_SUPPORT,
            Line(rf"Valeur liquidative : (?P<price>{FIGURE}) (?P<price_currency>[A-Z]{{3}})", required=True),
            Line(_FUND_ROW, after=_FUND_TITLE, required=True),
        ), constants={"type": "OPCVM"}),
    ),
)  # fmt: skip

COUPONS = Document(
    "boursobank.coupons", COMPANY,
    (r"^COUPONS REMBOURSEMENTS : ", r"DETAIL COUPONS"),
    _HEAD,
    (
        Block(
            "movement", r"DETAIL COUPONS",
            # gross first, net last; between them, as it comes, tax credit, levies, net of tax, commission
            row=(
                rf"(?P<on>{DAY}) (?P<quantity>{FIGURE}) (?P<label>.+?) \((?P<isin>{ISIN})\) (?P<gross>{_MONEY})"
                rf"(?: +{_MONEY}){{0,4}} +(?P<net>{_MONEY})"
            ),
            sum=Line(rf"^TOTAL EUR .*?(?P<total>{_MONEY})$", required=True),
            summed="net", constants={"way": "COUPON", "word": "COUPON", "currency": "EUR"},
        ),
    ),
)  # fmt: skip

DOCUMENTS = (TRADE, FUND, COUPONS)
