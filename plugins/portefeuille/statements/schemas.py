"""What programs ask and get of statements. Amounts, quantities and ratios are decimal texts: 0.25 is a quarter."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.rest import Asked
from core.api.rest import Given
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.portefeuille.statements.figures import PARTS

_FORMATS = ("pdf", "xlsx")


class ContactSaid(Given):
    """Whose statement it is."""

    id = schemas.string()
    name = schemas.string(_l("Nom"))
    kind = schemas.string(_l("Nature du contact"))


class StatementLineOut(Given):
    """A line of an account."""

    label = schemas.string(_l("Libellé"))
    support_id = schemas.string(_l("Support\u202f; null pour ce que les lignes ne disent pas"), null=True)
    isin = schemas.string(_l("ISIN"), null=True)
    quantity = schemas.money(_l("Quantité, si le compte compte en entier"))
    price = schemas.money(_l("Cours, si le compte compte en entier"))
    price_on = schemas.day(_l("Date du cours"))
    value = schemas.money(_l("Valeur de la part"))
    share = schemas.money(_l("Poids dans le total"))
    on = schemas.day(_l("Date de la valeur"))


class StatementAccountOut(Given):
    """An account that counts."""

    id = schemas.string()
    company = schemas.string(_l("Compagnie"))
    envelope = schemas.string(_l("Enveloppe"))
    title = schemas.string(_l("Intitulé"))
    number = schemas.string(_l("Numéro"))
    pledged = schemas.flag(_l("Nanti"))
    part = schemas.money(_l("Part comptée"))
    value = schemas.money(_l("Valeur de la part"))
    share = schemas.money(_l("Poids dans le total"))
    on = schemas.day(_l("Date de la valeur"))
    source = schemas.string(_l("Source"))
    lines = schemas.many(StatementLineOut, _l("Lignes"))


class ApartOut(Given):
    """An account outside the total."""

    account_id = schemas.string()
    label = schemas.string(_l("Compte"))
    why = schemas.string(_l("Pourquoi"))


class ShareOut(Given):
    """A slice of the total along an axis."""

    axis = schemas.string(_l("Axe"), codes=("classe", "enveloppe", "liquidite"))
    code = schemas.string(_l("Code"))
    label = schemas.string(_l("Libellé"))
    value = schemas.money(_l("Valeur"))
    share = schemas.money(_l("Poids"))


class StatementMovementOut(Given):
    """A movement of a whole account."""

    account_id = schemas.string()
    on = schemas.day(_l("Date"), null=False)
    kind = schemas.string(_l("Nature"))
    label = schemas.string(_l("Libellé"))
    support = schemas.string(_l("Support"), null=True)
    amount = schemas.money(_l("Montant"))
    currency = schemas.string(_l("Devise"))
    source = schemas.string(_l("Source"))


class MeasureOut(Given):
    """The performance; null where it cannot be computed, and notes say why."""

    known = schemas.flag(_l("Calculable"))
    begin = schemas.day(_l("Mesurée du"))
    finish = schemas.day(_l("Mesurée au"))
    start = schemas.money(_l("Valeur au début"))
    end = schemas.money(_l("Valeur à la fin"))
    contributions = schemas.money(_l("Versements nets"))
    gain = schemas.money(_l("Gain"))
    twr = schemas.money(_l("TWR"))
    twr_year = schemas.money(_l("TWR par an"))
    xirr = schemas.money(_l("TRI (XIRR) par an"))
    volatility = schemas.money(_l("Volatilité"))
    max_drawdown = schemas.money(_l("Perte maximale"))
    convention = schemas.string(_l("Conventions"))
    notes = schemas.texts(_l("Ce qu'il faut savoir"))


class StatementOut(Given):
    """The figures of a statement: those of `releve.json` inside the PDF, under the same names."""

    format = schemas.string(_l("Ce que c'est"), codes=("encours-releve",))
    version = schemas.whole(_l("Version du format"))
    on = schemas.day(_l("Date du relevé"), null=False)
    since = schemas.day(_l("Jour à la fin duquel la période commence\u202f; null depuis l'origine"))
    made_on = schemas.day(_l("Établi le"), null=False)
    contact = schemas.one(ContactSaid, _l("Personne ou foyer"))
    currency = schemas.string(_l("Devise des montants"))
    total = schemas.money(_l("Total\u202f; null si rien n'est connu"))
    oldest = schemas.day(_l("Valeur la plus ancienne"))
    newest = schemas.day(_l("Valeur la plus récente"))
    accounts = schemas.many(StatementAccountOut, _l("Comptes"))
    apart = schemas.many(ApartOut, _l("Comptes hors total"))
    shares = schemas.many(ShareOut, _l("Répartitions"))
    movements = schemas.many(StatementMovementOut, _l("Mouvements de la période, du plus ancien au plus récent"))
    performance = schemas.one(MeasureOut, _l("Performance de la période"))


class StatementQuery(Asked):
    """The day and the period."""

    on = schemas.ask_day(_l("Date du relevé, à défaut ce jour"), past=True)
    since = schemas.ask_day(_l("Jour à la fin duquel la période commence, à défaut depuis l'origine"), past=True)


class StatementNew(Taken):
    """The statement to write and keep."""

    on = schemas.ask_day(_l("Date du relevé"), missing=_l("Indiquez la date du relevé."), past=True)
    since = schemas.ask_day(_l("Jour à la fin duquel la période commence, à défaut depuis l'origine"), past=True)
    format = schemas.ask_code(_l("Format"), _FORMATS, missing=_l("Choisissez le format."))
    parts = schemas.ask_texts(_l("Ce que montrent les pages, à défaut tout"), codes=PARTS)


class KeptOut(Given):
    """A statement that was kept; `GET /documents/{id}/content` gives it."""

    id = schemas.string()
    title = schemas.string(_l("Intitulé"))
    filename = schemas.string(_l("Nom du fichier"))
    media_type = schemas.string(_l("Type"))
    size = schemas.whole(_l("Octets"))
    sha256 = schemas.string(_l("Empreinte"))
    created_by = schemas.string(_l("Enregistré par\u202f; null s'il n'est pas connu"), null=True)
    created_at = schemas.moment(_l("Enregistré le"), null=False)
