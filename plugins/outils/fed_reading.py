"""What FinDatEx's templates (EMT, EPT, EET) say of supports, as facts of ours (OU-09, modules.md §8).

Fields by number, of the templates as FinDatEx publishes them: EMT V4.3 (17 December 2025), EPT V2.1 (12 October 2022), EET
V1.1.2 (5 December 2023). Reading goes through the formats that plugins bring (`feed_formats`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from core.api import Plugin
from core.api import feeds
from core.api import supports
from core.api.db import DomainError
from core.api.web import current_context
from core.api.web import hub

#: Field of a template → the key of its fact.
FIELDS: dict[str, str] = {
    "emt.00045": "performance_fee", "emt.00070": "manager", "emt.01010": "retail", "emt.01020": "professional",
    "emt.02010": "basic", "emt.02020": "informed", "emt.02030": "advanced", "emt.03010": "no_loss",
    "emt.03020": "limited_loss", "emt.03040": "any_loss", "emt.03050": "beyond_loss", "emt.04010": "tolerance",
    "emt.04020": "tolerance_ucits", "emt.05010": "preservation", "emt.05020": "growth", "emt.05030": "income",
    "emt.05080": "holding_period", "emt.07020": "entry_costs", "emt.07050": "exit_costs", "emt.07100": "ongoing_costs",
    "emt.07110": "management_fee", "emt.07120": "distribution_fee", "emt.07130": "transaction_costs",
    "ept.00010": "manager", "ept.01090": "sri", "ept.01120": "holding_period", "ept.03010": "entry_costs",
    "ept.03020": "exit_costs", "ept.03060": "ongoing_costs", "ept.03080": "transaction_costs",
    "eet.10000": "manager", "eet.20040": "sfdr",
}  # fmt: skip
_SFDR: Mapping[str, str] = {"0": "NA", "6": "ART6", "8": "ART8", "9": "ART9"}
#: EMT 05080: a number of years, or one of these.
_PERIODS: Mapping[str, str] = {
    "V": "Moins d'un an", "S": "De 1 à 3 ans", "M": "De 3 à 5 ans", "L": "Plus de 5 ans", "H": "Jusqu'à l'échéance",
}  # fmt: skip
#: Fields up to this one are the head of a line in EMT and EPT, and with `_EET_HEAD` in EET.
LAST_OF_HEAD = "00070"
_EET_HEAD = frozenset({"10040", "20000", "20010", "20020", "20030"})
#: Findings that are kept of a file: whoever reads two hundred asks for another file.
MOST_FINDINGS = 200


def read(name: str, data: bytes) -> supports.files.Read:
    """A file's facts and findings. Raises `DomainError` for one that no format reads, or that tells of no support."""
    file = feeds.FeedFile(name[:120], len(data), lambda: io.BytesIO(data))
    asked = hub().collect(Plugin.feed_formats, current_context())
    formats = [one for one in asked.values() if ".xlsx" in one.extensions or ".csv" in one.extensions]
    if not formats:
        raise DomainError(_("Aucun module actif ne lit ces fichiers\u202f: faites activer le module Agrégation."), field="file")
    try:
        return _read(feeds.best(formats, file), file, data)
    except feeds.FeedRefused as error:
        raise DomainError(_("Fichier refusé. %(why)s", why=error), field="file") from None


def _read(kind: feeds.FeedFormat, file: feeds.FeedFile, data: bytes) -> supports.files.Read:
    found: dict[str, tuple[str, int, dict[str, supports.files.Value]]] = {}
    findings, version, twice = list[supports.files.Finding](), "", set[str]()
    beside = set[int]()
    for one in feeds.records(kind, file):
        if isinstance(one, feeds.AccountSeen):
            text = _("ce fichier est un relevé de comptes, pas un fichier de supports (EMT, EPT, EET).")
            raise feeds.FeedRefused(text, one.place)
        if isinstance(one, feeds.FeedFinding):
            findings.append(supports.files.Finding(_severity(one), str(one.place), one.text))
        elif isinstance(one, feeds.SupportFact):
            version = version or one.version
            isin = one.support.isin
            if not isin:
                beside.add(one.place.line)
                continue
            _label, line, values = found.setdefault(isin, (one.support.label or isin, one.place.line, {}))
            if len(found) > supports.files.MOST:
                most = supports.files.MOST
                raise feeds.FeedRefused(_("plus de %(most)s supports\u202f: découpez ce fichier.", most=most), one.place)
            if one.place.line != line:
                if isin not in twice:
                    twice.add(isin)
                    text = _("le support %(isin)s est déjà ligne %(line)s\u202f: une ligne par support.", isin=isin, line=line)
                    findings.append(supports.files.Finding("error", str(one.place), text))
                continue
            _take(one, values, findings)
    if not found and not findings:
        raise feeds.FeedRefused(_("aucun support n'y est désigné par un code ISIN."))
    if beside:
        text = _("%(count)s lignes n'ont pas d'ISIN pour leur support\u202f: elles ne sont pas reprises.", count=len(beside))
        findings.append(supports.files.Finding("info", "", text))
    seen = [supports.files.Seen(isin, label[:200], line, values) for isin, (label, line, values) in found.items()]
    return supports.files.Read(
        file.name, hashlib.sha256(data).hexdigest(), len(data), version, seen, _first(findings)
    )  # fmt: skip


def _severity(one: feeds.FeedFinding) -> str:
    """What is wrong in the head of a line (which template, which support, in which currency, as of when) refuses the file: its
    values would be nobody's. What is wrong with a value leaves that value out, and is told."""
    number = one.field[:5]
    head = not number or number <= LAST_OF_HEAD or number in _EET_HEAD
    return one.severity if head or one.severity != "error" else "warning"


def _take(one: feeds.SupportFact, values: dict[str, supports.files.Value], findings: list[supports.files.Finding]) -> None:
    code = FIELDS.get(one.field)
    if code is None:
        return
    try:
        text = supports.fact_keys.written(code, _said(code, one.value))
    except DomainError as error:
        said = _("%(field)s\u202f: %(why)s La valeur n'est pas reprise.", field=one.source, why=error.text)
        findings.append(supports.files.Finding("warning", str(one.place), said))
        return
    if text:
        values[code] = supports.files.Value(text, one.on, one.place.line)


def _said(code: str, value: str | Decimal | date) -> str | Decimal | date:
    """A field's value as its fact has it."""
    if code == "sfdr":
        return _SFDR.get(str(value), str(value))
    if code == "holding_period":
        return _period(str(value))
    return value


def _period(text: str) -> str:
    if text.upper() in _PERIODS:
        return _PERIODS[text.upper()]
    try:
        years = Decimal(text.replace(",", "."))
    except ArithmeticError:
        return text
    if not years.is_finite() or not 0 <= years <= 100:
        return text
    written = f"{years.normalize():f}".replace(".", ",")
    return f"{written} {'an' if years < 2 else 'ans'}"


def _first(found: Sequence[supports.files.Finding]) -> list[supports.files.Finding]:
    """Errors first, and no more than a person reads; how many are left out is said."""
    ordered = sorted(found, key=lambda one: ("error", "warning", "info").index(one.severity))
    if len(ordered) <= MOST_FINDINGS:
        return ordered
    left = len(ordered) - MOST_FINDINGS
    more = supports.files.Finding("info", "", _("%(left)s autres anomalies ne sont pas montrées.", left=left))
    return [*ordered[:MOST_FINDINGS], more]
