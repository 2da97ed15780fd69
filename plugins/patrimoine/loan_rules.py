"""What a loan must be to be written: the rules of finance, of words, of days and of people, each said beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.api import finance
from core.api.db import DomainError
from core.api.forms import inputs
from plugins.patrimoine.loan_terms import DEFERRALS
from plugins.patrimoine.loan_terms import GUARANTEES
from plugins.patrimoine.loan_terms import KINDS
from plugins.patrimoine.loan_terms import SCHEDULED
from plugins.patrimoine.loan_terms import ZERO
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Terms
from plugins.patrimoine.loan_terms import schedule

#: The argument that finance names → the field of a form, of the API.
_FIELDS = {
    "annual_rate": "annual_rate", "months": "months", "principal": "principal", "every": "every", "first_due": "first_due",
    "deferred_months": "deferred_months", "insurance_rate": "insurance_rate", "insurance_amount": "insurance_amount",
    "steps": "steps", "rate_changes": "rate", "early_repayments": "amount", "kind": "kind",
}  # fmt: skip


def refused(error: finance.BadLoan) -> DomainError:
    """What finance refuses, beside the field that it is about."""
    return DomainError(error.text.replace(" €", "\u00a0€"), field=_FIELDS[error.field])


def checked(terms: Terms, borrowers: Sequence[Borrower]) -> Terms:
    """The terms, made whole: what its kind has no use for is dropped. Raises `DomainError` with the field."""
    given = _given(terms)
    _check_words(given)
    _check_days(given)
    _check_people(given, borrowers)
    if given.kind not in SCHEDULED:
        return given
    if given.months is None:
        raise DomainError("Saisissez la durée du prêt, en mois.", field="months")
    if given.first_due is None:
        raise DomainError("Saisissez la date de la première échéance.", field="first_due")
    try:
        schedule(given, sum((one.insured for one in borrowers), ZERO))
    except finance.BadLoan as error:
        raise refused(error) from error
    return given


def _given(terms: Terms) -> Terms:
    values = {name: getattr(terms, name) for name in Terms.__slots__}
    if terms.kind not in SCHEDULED:
        values |= {"deferred_months": 0, "deferred_kind": "", "steps": ()}
    if not terms.deferred_months:
        values["deferred_kind"] = ""
    if terms.insurance_kind not in ("INITIAL", "RESTANT"):
        values["insurance_rate"] = None
    if terms.insurance_kind != "MONTANT":
        values["insurance_amount"] = None
    values["guarantees"] = tuple(code for code in GUARANTEES if code in terms.guarantees)
    return Terms(**values)


def _check_words(terms: Terms) -> None:
    if terms.kind not in KINDS:
        raise DomainError("Choisissez un type de prêt de la liste.", field="kind")
    for name, most, missing in (
        ("purpose", 200, "Dites ce que le prêt finance."),
        ("lender", 120, "Saisissez le nom du prêteur."),
    ):
        text = getattr(terms, name)
        if not text:
            raise DomainError(missing, field=name)
        if len(text) > most:
            raise DomainError(f"{most} caractères au plus.", field=name)
    if terms.principal <= 0:
        raise DomainError("Le capital emprunté est un montant positif.", field="principal")
    if terms.annual_rate < 0:
        raise DomainError("Un taux n'est pas négatif.", field="annual_rate")
    if not 0 <= terms.fees < terms.principal:
        raise DomainError("Les frais sont positifs, et inférieurs au capital.", field="fees")
    if terms.deferred_months and terms.deferred_kind not in DEFERRALS:
        raise DomainError("Dites si le différé est partiel ou total.", field="deferred_kind")
    if terms.insurance_kind in ("INITIAL", "RESTANT") and terms.insurance_rate is None:
        raise DomainError("Saisissez le taux de l'assurance.", field="insurance_rate")
    if terms.insurance_kind == "MONTANT" and terms.insurance_amount is None:
        raise DomainError("Saisissez la prime de chaque échéance.", field="insurance_amount")


def _check_days(terms: Terms) -> None:
    if terms.granted_on and terms.first_due and terms.granted_on > terms.first_due:
        raise DomainError("Le prêt est accordé au plus tard le jour de sa première échéance.", field="granted_on")
    if terms.first_due and not 1900 <= terms.first_due.year <= 2199:
        raise DomainError("L'année de la première échéance va de 1900 à 2199.", field="first_due")


def _check_people(terms: Terms, borrowers: Sequence[Borrower]) -> None:
    if not borrowers:
        raise DomainError("Un prêt a au moins un emprunteur.", field="share")
    if len({one.contact_id for one in borrowers}) != len(borrowers):
        raise DomainError("Une personne n'emprunte qu'une fois\u202f: additionnez ses parts.", field="second")
    if any(not 0 < one.share <= 1 for one in borrowers):
        raise DomainError("La part d'un emprunteur est supérieure à 0\u00a0% et ne dépasse pas 100\u00a0%.", field="share")
    if sum((one.share for one in borrowers), ZERO) != 1:
        total = f"{sum(one.share for one in borrowers) * 100:.2f}".rstrip("0").rstrip(".").replace(".", ",")
        raise DomainError(f"Les parts des emprunteurs font ensemble {total}\u00a0%\u202f: il faut 100\u00a0%.", field="share")
    if any(not 0 <= one.insured <= 1 for one in borrowers):
        raise DomainError("La quotité assurée d'une personne va de 0 à 100\u00a0%.", field="insured")
    if terms.insurance_kind in ("INITIAL", "RESTANT") and not any(one.insured for one in borrowers):
        raise DomainError("Dites qui est assuré, et à quelle quotité.", field="insured")


def parse_steps(text: str) -> tuple[tuple[int, Decimal], ...]:
    """«120 x 200,00 ; 60 x 350» → stretches. Raises `ValueError`."""
    found = []
    for part in text.replace("\n", ";").split(";"):
        if not part.strip():
            continue
        count, mark, payment = part.replace("×", "x").partition("x")
        if not mark or not count.strip().isascii():
            raise ValueError(part)
        found.append((int(count), inputs.amount(payment)))
    return tuple(found)


def write_steps(steps: Sequence[tuple[int, Decimal]]) -> str:
    """The other way."""
    return " ; ".join(f"{count} x {payment:.2f}".replace(".", ",") for count, payment in steps)
