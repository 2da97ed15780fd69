"""A statement as a workbook: real numbers and days, totals as formulas that give ours, no text taken for a formula (PF-02)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from xlsxwriter import Workbook

from core.api.formats import day
from plugins.portefeuille.statements.figures import Statement
from plugins.portefeuille.statements.words import part_said
from plugins.portefeuille.statements.words import period_said
from plugins.portefeuille.statements.words import title

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONEY = '#,##0.00\\ "€"'
#: What a cell of a workbook holds at most.
_LONGEST = 32_767


class _Pages:
    """The workbook with its looks, written a table at a time."""

    def __init__(self, found: Statement) -> None:
        self.kept = io.BytesIO()
        # in memory: a file of its own for each sheet would be of the machine, and of the moment
        self.book = Workbook(self.kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self.book.set_properties({"title": title(found), "created": datetime.combine(found.made, datetime.min.time(), UTC)})
        self.looks: dict[str, Any] = {
            name: self.book.add_format(said)
            for name, said in {
                "title": {"bold": True, "font_size": 14}, "bold": {"bold": True}, "text": {},
                "head": {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EEF2F5"},
                "day": {"num_format": "dd/mm/yyyy"},
                "money": {"num_format": MONEY}, "number": {"num_format": "#,##0.00####"}, "ratio": {"num_format": "0.00%"},
                "sum": {"num_format": MONEY, "bold": True, "top": 1},
                "sum_ratio": {"num_format": "0.00%", "bold": True, "top": 1},
                "sum_text": {"bold": True, "top": 1},
            }.items()
        }  # fmt: skip

    def sheet(self, name: str, heads: Sequence[tuple[str, int]]) -> Any:
        """A table's sheet: its heads stay in sight and on every page."""
        made = self.book.add_worksheet(name)
        for column, (head, width) in enumerate(heads):
            made.set_column(column, column, width)
            made.write_string(0, column, head, self.looks["head"])
        made.freeze_panes(1, 1)
        made.repeat_rows(0)
        made.set_landscape()
        made.fit_to_pages(1, 0)
        return made

    def put(self, sheet: Any, row: int, cells: Sequence[tuple[str, Any]]) -> None:
        """A row; a cell is its look and its value. What is not known stays empty."""
        for column, (look, value) in enumerate(cells):
            if value is None:
                continue
            if isinstance(value, Decimal | float):
                sheet.write_number(row, column, float(value), self.looks[look])
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, self.looks[look])
            else:
                sheet.write_string(row, column, _plain(str(value)), self.looks[look])

    def total(self, sheet: Any, row: int, column: int, value: Decimal, shares: Sequence[Decimal | None]) -> None:
        """The sums of the rows above, as formulas with their values kept; `column`: of amounts, shares stand beside."""
        letter, share = chr(65 + column), chr(66 + column)
        sheet.write_string(row, 0, _("Total"), self.looks["sum_text"])
        for between in range(1, column):
            sheet.write_blank(row, between, None, self.looks["sum_text"])
        sheet.write_formula(row, column, f"=SUM({letter}2:{letter}{row})", self.looks["sum"], float(value))
        whole = float(sum((one for one in shares if one is not None), Decimal(0)))
        sheet.write_formula(row, column + 1, f"=SUM({share}2:{share}{row})", self.looks["sum_ratio"], whole)


def workbook(found: Statement) -> bytes:
    """The file: summary, accounts, lines, movements, performance. The same figures and day give the same bytes."""
    pages = _Pages(found)
    summary = pages.book.add_worksheet(_("Synthèse"))
    last = _accounts(pages, found)
    _lines(pages, found)
    _movements(pages, found)
    _summary(pages, summary, found, last)
    pages.book.close()
    return pages.kept.getvalue()


def _accounts(pages: _Pages, found: Statement) -> int:
    """The sheet of accounts; the line, from 1, of its total."""
    sheet = pages.sheet(_("Comptes"), (
        (_("Compte"), 34), (_("Enveloppe"), 20), (_("Compagnie"), 24), (_("Numéro"), 18), (_("Part"), 16),
        (_("Valeur au"), 12), (_("Source"), 20), (_("Valorisation"), 18), (_("Poids"), 10),
    ))  # fmt: skip
    for row, one in enumerate(found.accounts, 1):
        ref = one.account
        pages.put(sheet, row, (
            ("text", ref.title), ("text", ref.envelope_label), ("text", ref.company), ("text", ref.number),
            ("text", part_said(one.part)), ("day", one.on), ("text", one.source), ("money", one.value), ("ratio", one.share),
        ))  # fmt: skip
    last = len(found.accounts) + 1
    pages.total(sheet, last, 7, found.total, [one.share for one in found.accounts])
    for row, apart in enumerate(found.situation.apart, last + 2):
        pages.put(sheet, row, (("text", apart.account.label), ("text", _("Hors total")), ("text", apart.why)))
    return last + 1


def _lines(pages: _Pages, found: Statement) -> None:
    sheet = pages.sheet(_("Lignes"), (
        (_("Support"), 44), (_("ISIN"), 16), (_("Compte"), 34), (_("Quantité"), 14), (_("Cours"), 14), (_("Cours du"), 12),
        (_("Valeur au"), 12), (_("Valorisation"), 18), (_("Poids"), 10),
    ))  # fmt: skip
    every = [(held, line) for held in found.accounts for line in held.lines]
    for row, (held, line) in enumerate(every, 1):
        pages.put(sheet, row, (
            ("text", line.label), ("text", line.isin), ("text", held.account.label), ("number", line.quantity),
            ("number", line.price), ("day", line.price_on), ("day", line.on), ("money", line.value), ("ratio", line.share),
        ))  # fmt: skip
    pages.total(sheet, len(every) + 1, 7, found.total, [line.share for _held, line in every])


def _movements(pages: _Pages, found: Statement) -> None:
    sheet = pages.sheet(_("Mouvements"), (
        (_("Date"), 12), (_("Compte"), 34), (_("Nature"), 22), (_("Libellé"), 40), (_("Support"), 36), (_("Montant"), 16),
        (_("Devise"), 9), (_("Source"), 20),
    ))  # fmt: skip
    for row, one in enumerate(found.movements, 1):
        pages.put(sheet, row, (
            ("day", one.on), ("text", one.account.label), ("text", one.kind), ("text", one.label), ("text", one.support),
            ("number", one.amount), ("text", one.currency), ("text", one.source),
        ))  # fmt: skip
    sheet.autofilter(0, 0, max(1, len(found.movements)), 7)


def _summary(pages: _Pages, sheet: Any, found: Statement, last: int) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 20)
    sheet.freeze_panes(2, 0)
    measure, on = found.measure, found.wanted.on
    pages.put(sheet, 0, (("title", title(found)),))
    pages.put(sheet, 1, (("bold", _("Au %(day)s", day=day(on))),))
    sheet.write_string(3, 0, _("Total au %(day)s", day=day(on)), pages.looks["bold"])
    # the name of a sheet with an accent is quoted, as spreadsheets do
    sheet.write_formula(3, 1, f"='{_('Comptes')}'!H{last}", pages.looks["sum"], float(found.total))
    rows: list[tuple[str, str, Any]] = [
        (_("Valeurs du"), "day", found.situation.oldest), (_("Valeurs jusqu'au"), "day", found.situation.newest),
        (_("Établi le"), "day", found.made), (_("Période"), "text", period_said(found)),
        (_("Mesurée du"), "day", measure.begin), (_("Mesurée au"), "day", measure.finish),
        (_("TWR"), "ratio", measure.twr), (_("TWR par an"), "ratio", measure.twr_year),
        (_("TRI (XIRR) par an"), "ratio", measure.xirr), (_("Gain"), "money", measure.gain),
        (_("Versements nets"), "money", measure.contributions), (_("Volatilité"), "ratio", measure.volatility),
        (_("Perte maximale"), "ratio", measure.max_drawdown),
    ]  # fmt: skip
    for row, (label, look, value) in enumerate(rows, 4):
        pages.put(sheet, row, (("bold", label), (look, _("non calculable") if value is None else value)))
    for row, note in enumerate((measure.convention, *measure.notes), 5 + len(rows)):
        sheet.write_string(row, 0, _plain(note))


def _plain(text: str) -> str:
    """What XML can hold of a text."""
    return "".join(sign for sign in text if sign in "\t\n" or (ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF))[:_LONGEST]
