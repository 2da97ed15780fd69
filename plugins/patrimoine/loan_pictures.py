"""The curve of a loan: what is still owed, after each instalment."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _

from core.api import charts
from core.api import finance
from core.api.formats import day
from core.api.formats import money
from plugins.patrimoine.loan_terms import Loan

#: Points enough to see each year of the longest loan.
MOST = 120


def owed(loan: Loan, what_if: tuple[finance.Instalment, ...] = ()) -> charts.Chart | None:
    """What is owed over time, beside what it would be; None for a loan without a schedule."""
    lines = loan.schedule()
    if not lines or loan.begins is None:
        return None
    other = {one.due: one.balance for one in what_if}
    every = -(-len(lines) // MOST)
    kept = [one for place, one in enumerate(lines, 1) if place % every == 0 or place == len(lines)]
    start = charts.Point(loan.begins, loan.terms.principal, loan.terms.principal if what_if else None)
    zero = lines[-1].balance
    points = [charts.Point(one.due, one.balance, other.get(one.due, zero) if what_if else None) for one in kept]
    names = (_("Capital restant dû"), _("Avec ce remboursement")) if what_if else (_("Capital restant dû"),)
    drawn = charts.line(
        [start, *points], key="capital", title=_("Capital restant dû"), write=money, names=names, subject=loan.label
    )
    said = _(
        "%(loan)s\u202f: %(lent)s empruntés, remboursés le %(end)s", loan=loan.label, lent=money(loan.terms.principal),
        end=day(lines[-1].due),
    )  # fmt: skip
    if what_if:
        said += _("\u202f; avec ce remboursement, le %(end)s", end=day(what_if[-1].due))
    return replace(drawn, summary=f"{said}.")
