"""Charts: what they say, what their table holds, and that one specification serves two renderers (ux.md §3.2, rule 15)."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from core.pdf import PdfError
from core.pdf import chart as drawn
from core.web import chart_specs
from core.web import charts
from core.web import tokens
from core.web.formats import money


def parts(*values: int) -> list[charts.Part]:
    return [charts.Part(f"Classe {place}", Decimal(value)) for place, value in enumerate(values)]


def donut(*values: int) -> charts.Chart:
    return charts.donut(
        parts(*values), key="d", title="Répartition", write=money, total="100 €", note="au 20/11/2026",
        head=("Classe", "Montant", "Part"),
    )  # fmt: skip


def curve(*values: str, second: bool = False) -> charts.Chart:
    points = [
        charts.Point(date(2026, place + 1, 20), Decimal(value), Decimal(value) - 10 if second else None)
        for place, value in enumerate(values)
    ]
    return charts.line(points, key="l", title="Cours", write=money, names=("Cours", "Versements nets"))


def test_a_donut_has_six_slices_at_most_whose_letters_are_in_its_table() -> None:
    """PF-06: the largest first, the rest together; what is not positive has no share; the shares say the whole."""
    chart = donut(30, 5, 20, 10, 15, 4, 3, 2, 0, -7)
    assert [row.letter for row in chart.rows] == list("ABCDEF")
    assert [row.label for row in chart.rows] == ["Classe 0", "Classe 2", "Classe 4", "Classe 3", "Classe 1", "Autres"]
    assert chart.rows[-1].cells == ("9,00\u00a0€", "10\u00a0%")
    assert [row["k"] for row in chart.data] == list("ABCDEF")
    assert "Classe 0 34\u00a0%" in chart.summary
    assert len(donut(1, 2, 3).rows) == 3


def test_a_curve_says_where_it_stands_and_its_table_holds_each_figure() -> None:
    """ux.md §3.2, rule 15: one sentence in French, the newest figure first in the table."""
    chart = curve("100", "80", "120.5")
    assert chart.summary == (
        "Cours : 120,50\u00a0€ au 20/03/2026, +20,50\u00a0% depuis le 20/01/2026 ; au plus bas 80,00\u00a0€ le 20/02/2026, "
        "au plus haut 120,50\u00a0€ le 20/03/2026."
    )
    assert (chart.rows[0].label, chart.rows[0].cells) == ("20/03/2026", ("120,50\u00a0€",))
    assert [row.get("end") for row in chart.data] == [None, None, 1]


def test_with_payments_the_sentence_claims_no_performance() -> None:
    """BL-02: what was paid in is no gain: the change is said with the payments in it, not as a rate."""
    chart = curve("100", "150", second=True)
    assert "+50,00\u00a0€ depuis le 20/01/2026 dont 50,00\u00a0€ de versements nets" in chart.summary
    assert "%" not in chart.summary
    assert chart.rows[0].cells == ("150,00\u00a0€", "140,00\u00a0€")


@pytest.mark.parametrize(
    ("low", "high"), [("0.0123", "0.0131"), ("100", "100"), ("0", "0"), ("-50", "1200"), ("998.5", "1001"), ("1", "9000000000")]
)
def test_the_axis_is_round_and_holds_the_figures(low: str, high: str) -> None:
    """mock-ups README, «Charts»: about four ticks; equal figures, tiny ones, losses too."""
    ticks = chart_specs._ticks(Decimal(low), Decimal(high))
    assert ticks[0] <= float(low) <= float(high) <= ticks[-1]
    assert 2 <= len(ticks) <= 8
    steps = {round(after - before, 10) for before, after in pairwise(ticks)}
    assert len(steps) == 1


def test_every_colour_is_a_token_of_the_theme() -> None:
    """ux.md §1: one theme of the same tokens; on paper the light theme's own colours, and nothing left to resolve."""
    bars = charts.bar(parts(1), key="b", title="B", write=str, head=("A", "B"))
    stack = charts.stack({"A": parts(1), "B": parts(1)}, key="s", title="S", write=str, head=("A", "B", "C"))
    for chart in (curve("1", "2", second=True), donut(1, 2, 3, 4, 5, 6), bars, stack):
        used = set(re.findall(r"var\(--([a-z0-9-]+)\)", chart.json))
        assert used <= set(tokens.light()), used - set(tokens.light())
        assert not re.search(r"#[0-9a-f]{6}", chart.json)
        assert "var(" not in chart.paper
        assert tokens.light()["chart-1"] in chart.paper
    with pytest.raises(KeyError):
        tokens.on_paper('"var(--inconnu)"')


def test_a_phone_has_its_own_drawing() -> None:
    """mock-ups README: a narrow version under 768 px rather than type scaled down."""
    chart = curve("1", "2")
    assert chart.narrow["height"] < chart.wide["height"]
    assert set(json.loads(chart.json)) == {"data", "wide", "narrow"}


def test_paper_gets_the_same_chart() -> None:
    """ux.md §1: the second renderer, in the process of documents; French months and figures."""
    svg = drawn(curve("12000", "16000", "14000", "15000", "15500", second=True).paper)
    assert svg.startswith("<svg")
    assert "k€" in svg
    assert "févr. 2026" in svg
    assert "stroke-dasharray" in svg
    assert "http://127" not in svg
    assert "style=" not in svg


def test_a_chart_fetches_nothing_and_a_wrong_one_is_told() -> None:
    """security-reliability.md: no address is read; what cannot be drawn is an error of documents, not a crash."""
    asks = {"data": {"url": "http://127.0.0.1:9/donnees.json"}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(PdfError):
        drawn(json.dumps(asks))
    with pytest.raises(PdfError):
        drawn('{"mark": ')


def test_the_parts_of_a_stack_are_set_end_to_end() -> None:
    """ux.md §3.2, rule 15: where each part begins and ends; what is negative is told and not drawn; paper draws it."""
    bars = {"Revenus": parts(100), "Emploi": [*parts(60, 50), lacking()]}
    chart = charts.stack(bars, key="s", title="Emploi", write=money, head=("Poste", "Barre", "Par mois"))
    assert [(row["l"], row["k"], row["a"], row["b"], row["big"]) for row in chart.data] == [
        ("Revenus", "A", 0, 100, 1), ("Emploi", "B", 0, 60, 1), ("Emploi", "C", 60, 110, 1),
    ]  # fmt: skip
    assert chart.rows[-1] == charts.Row("Manque", ("Emploi", "−10,00\u00a0€"), "D", 4)
    assert "Manque −10,00\u00a0€" in chart.summary
    assert chart.wide["height"] == 88
    svg = drawn(chart.paper)
    assert tokens.light()["chart-3"] in svg
    assert tokens.light()["chart-4"] not in svg


def lacking() -> charts.Part:
    return charts.Part("Manque", Decimal(-10))


def test_several_curves_have_letters_dashes_and_a_table() -> None:
    """OU-06, ux.md §3.2 rule 15: colour is not alone to tell them apart; every figure is in the table, newest first."""
    days = [date(2026, month, 20) for month in (1, 2, 3)]
    levels = {"Un": (100, 90, 110), "Deux": (100, 101, 99)}
    each = [charts.Curve(name, tuple(Decimal(one) for one in values)) for name, values in levels.items()]
    chart = charts.curves(days, each, key="c", title="Base 100", write=money)
    assert (chart.head, chart.names) == (("Date", "A", "B"), ("Un", "Deux"))
    assert chart.rows[0] == charts.Row("20/03/2026", ("110,00\u00a0€", "99,00\u00a0€"))
    assert chart.summary == "Base 100, du 20/01/2026 au 20/03/2026 : Un 110,00\u00a0€, Deux 99,00\u00a0€."
    assert [(one["k"], one["v"]) for one in chart.data if one.get("end")] == [("A", 110), ("B", 99)]
    assert "20/02/2026 · B Deux : 101,00\u00a0€" in {one["say"] for one in chart.data}
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", chart.json)) <= set(tokens.light())
    svg = drawn(chart.paper)
    for token in ("chart-1", "chart-2"):
        assert tokens.light()[token] in svg
    assert "stroke-dasharray" in svg
    assert len(chart_specs.DASHES) == len(charts.LETTERS)


def test_a_curve_of_two_figures_has_lettered_points_and_a_table() -> None:
    """PF-09, ux.md §3.2 rule 15: the points that are named come first; drawn on paper in the theme's colours."""
    spots = [charts.Spot("Trouvée", Decimal(5), Decimal(4)), charts.Spot("Modèle", Decimal(7), Decimal(4))]
    chart = charts.plane(
        [(Decimal(4), Decimal(2)), (Decimal(5), Decimal(4)), (Decimal(8), Decimal(6))], spots, key="f", title="Frontière",
        axes=("Volatilité", "Rendement"), names=("Point", "Frontière"), write=str, unit="%",
    )  # fmt: skip
    assert chart.head == ("Point", "Volatilité", "Rendement")
    assert chart.rows[:2] == (charts.Row("Trouvée", ("5", "4"), "A", 1), charts.Row("Modèle", ("7", "4"), "B", 2))
    assert chart.rows[2] == charts.Row("Frontière, 1", ("4", "2"))
    assert chart.summary.endswith("Modèle : volatilité 7, rendement 4.")
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", chart.json)) <= set(tokens.light())
    svg = drawn(chart.paper)
    for token in ("chart-1", "chart-2"):
        assert tokens.light()[token] in svg
    assert "Volatilité" in svg
