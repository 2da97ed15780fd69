"""What is asked must hold before anything is reckoned: bounds, target, and prices that reach far enough (PF-09)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import timedelta
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from core.api import performance
from core.api import supports
from core.api.db import DomainError
from core.api.formats import day
from core.api.formats import number
from plugins.outils.optimising import shapes
from plugins.outils.optimising.shapes import ONE
from plugins.outils.optimising.shapes import ZERO
from plugins.outils.optimising.shapes import Series
from plugins.outils.optimising.shapes import Wish

#: How far from the period's ends a first or last price may be: a fund that is priced monthly has one in each month.
NEAR = timedelta(days=40)
#: Fewer returns than these, or than so many for each support, and a covariance would be chance.
RETURNS, EACH = 30, 3
MOST_RISK = ONE


def check(wish: Wish) -> None:
    """Raises `DomainError` with the field: `support_2` is of the second line."""
    if wish.years not in shapes.YEARS:
        raise DomainError(_("Choisissez une période de la liste."), field="years")
    if wish.goal not in shapes.GOALS:
        raise DomainError(_("Choisissez un objectif de la liste."), field="goal")
    if wish.goal == "CIBLE" and wish.risk is None:
        raise DomainError(_("Saisissez le risque visé, en pourcentage par an."), field="risk")
    if wish.risk is not None and not ZERO < wish.risk <= MOST_RISK:
        raise DomainError(_("Un risque cible va de 0,01 à 100\u00a0%."), field="risk")
    if not shapes.LEAST <= len(wish.lines) <= shapes.MOST:
        said = _("Choisissez de %(least)s à %(most)s supports.", least=shapes.LEAST, most=shapes.MOST)
        raise DomainError(said, field="support_1")
    seen = set[str]()
    for n, line in enumerate(wish.lines, 1):
        if line.support_id in seen:
            raise DomainError(_("Ce support est déjà sur une autre ligne."), field=f"support_{n}")
        seen.add(line.support_id)
        for field, bound in (("low", line.low), ("high", line.high)):
            if not ZERO <= bound <= ONE or bound != bound.quantize(shapes.STEP):
                raise DomainError(_("Une borne va de 0 à 100\u00a0%, à deux décimales."), field=f"{field}_{n}")
        if line.low > line.high:
            raise DomainError(_("Le plancher dépasse le plafond\u202f: baissez l'un ou relevez l'autre."), field=f"low_{n}")
    if (least := sum((line.low for line in wish.lines), ZERO)) > ONE:
        said = _(
            "Les planchers font %(sum)s\u00a0%% ensemble, plus que les 100\u00a0%% à répartir\u202f: baissez-en.",
            sum=number(least * 100, 2),
        )
        raise DomainError(said, field="low_1")
    if (most := sum((line.high for line in wish.lines), ZERO)) < ONE:
        said = _(
            "Les plafonds ne font que %(sum)s\u00a0%% ensemble, moins que les 100\u00a0%% à répartir\u202f: relevez-en.",
            sum=number(most * 100, 2),
        )
        raise DomainError(said, field="high_1")


def series(found: Sequence[tuple[str, Sequence[supports.Price]]], since: date, until: date) -> Series:
    """The common prices of supports (label, prices of the period), in their order.

    Raises `DomainError`: on `support_2` for a second support whose history is too short, on `years` for all of them.
    """
    for n, (label, prices) in enumerate(found, 1):
        if why := short(label, prices, since, until):
            raise DomainError(why, field=f"support_{n}")
    sound = [[one for one in prices if one.value > 0] for _label, prices in found]
    shared = performance.common(sound)
    if shared is None or shared.step.a_year < 12:
        said = _(
            "Ces supports n'ont pas de cours communs chaque semaine ou chaque mois\u202f: retirez ceux qui sont valorisés plus "
            "rarement, comme les SCPI."
        )
        raise DomainError(said, field="support_1")
    made = Series(
        shared.step.label, shared.step.a_year, shared.days,
        tuple(tuple(one.value for one in each) for each in shared.prices),
        tuple(", ".join(sorted({_source(one) for one in prices})) for prices in sound),
    )  # fmt: skip
    _enough(made, len(found))
    for n, each in enumerate(made.prices, 1):
        if len(set(each)) == 1:
            raise DomainError(
                _("Le cours de ce support ne bouge pas sur la période\u202f: son risque ne se mesure pas, retirez-le."),
                field=f"support_{n}",
            )
    return made


def short(label: str, prices: Sequence[supports.Price], since: date, until: date) -> str:
    """What a support's history lacks over a period; empty for nothing."""
    sound = [one for one in prices if one.value > 0]
    if not sound:
        return str(_("Aucun cours de %(what)s n'est connu sur la période\u202f: retirez-le.", what=label))
    if sound[0].on - since > NEAR:
        return str(_(
            "Les cours de %(what)s ne commencent que le %(day)s\u202f: raccourcissez la période ou retirez ce support.",
            what=label, day=day(sound[0].on),
        ))  # fmt: skip
    if until - sound[-1].on > NEAR:
        return str(_(
            "Les cours de %(what)s s'arrêtent le %(day)s\u202f: complétez-les ou retirez ce support.",
            what=label, day=day(sound[-1].on),
        ))  # fmt: skip
    return ""


def _enough(made: Series, count: int) -> None:
    """Raises `DomainError` where there are too few returns for so many supports."""
    known, least = len(made.days) - 1, max(RETURNS, EACH * count)
    if known >= least:
        return
    said = ngettext(
        "La période n'a que %(num)s rendement commun,", "La période n'a que %(num)s rendements communs (%(step)s),", known,
        step=made.step,
    )  # fmt: skip
    more = _(
        "et il en faut %(least)s pour %(count)s supports\u202f: allongez la période ou retirez des supports.",
        least=least, count=count,
    )  # fmt: skip
    raise DomainError(f"{said} {more}", field="years")


def _source(price: supports.Price) -> str:
    return _("%(source)s (cabinet)", source=price.source) if price.origin == "cabinet" else price.source


def share(weights: Mapping[str, Decimal], wish: Wish) -> Decimal:
    """What of a model (support → weight) is shared anew. Raises `DomainError` where nothing is left to share."""
    if not wish.keep:
        return ONE
    chosen = {line.support_id for line in wish.lines}
    found = ONE - sum((weight for key, weight in weights.items() if key not in chosen), ZERO)
    if found <= 0:
        said = _("Aucune ligne du modèle n'est parmi ces supports\u202f: ajoutez-en, ou ne gardez pas le poids des autres.")
        raise DomainError(said, field="keep")
    return found
