"""What may be known of a support: the keys of its facts, how each is written and read (domain.md §2.3, modules.md §8).

A fact is kept as text: a code, a figure with a point, a ratio where 0.0125 is 1.25 %. Knows no Flask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any
from typing import Literal

from core.db.errors import DomainError
from core.supports.labels import ASSET_CLASSES
from core.supports.labels import SFDR_LABELS
from core.supports.labels import TYPE_LABELS
from core.supports.labels import ZONES

Kind = Literal["text", "currency", "code", "level", "ratio"]
#: What a producer says of a kind of client: FinDatEx, EMT V4.3, sections 01 to 05.
TARGETS: dict[str, str] = {"Y": "Oui", "N": "Non", "Neutral": "Neutre"}
_YES: dict[str, str] = {"Y": "Oui", "N": "Non"}
_LEVELS: dict[str, str] = {str(level): f"{level} sur 7" for level in range(1, 8)}
#: The titles under which a page shows them.
GROUPS: dict[str, str] = {
    "identity": "Identité", "risk": "Risque et durabilité", "costs": "Frais du support", "target": "Marché cible",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FactKey:
    """One thing that may be known. `column`: the support's own row has it too, for lists and filters."""

    code: str
    label: str
    group: str
    kind: Kind
    codes: Mapping[str, str] = field(default_factory=dict)
    column: bool = False
    needed: bool = False
    most: int = 120
    least: Decimal = Decimal(0)

    def words(self, value: str) -> str:
        """The value as people read it, but for ratios, which the page writes."""
        return self.codes.get(value, value)


def _target(code: str, label: str, codes: Mapping[str, str] = TARGETS) -> FactKey:
    return FactKey(code, label, "target", "code", codes)


def _cost(code: str, label: str, *, column: bool = False) -> FactKey:
    return FactKey(code, label, "costs", "ratio", column=column)


_ALL = (
    FactKey("label", "Libellé", "identity", "text", column=True, needed=True, most=200),
    FactKey("type", "Type", "identity", "code", TYPE_LABELS, column=True, needed=True),
    FactKey("currency", "Devise", "identity", "currency", column=True, needed=True),
    FactKey("manager", "Société de gestion", "identity", "text", column=True),
    FactKey("category", "Catégorie", "identity", "text", column=True, most=80),
    FactKey("asset_class", "Classe d'actifs", "identity", "code", ASSET_CLASSES, column=True),
    FactKey("zone", "Zone", "identity", "code", ZONES, column=True),
    FactKey("sri", "Risque (SRI)", "risk", "level", _LEVELS, column=True),
    FactKey("srri", "Ancien indicateur (SRRI)", "risk", "level", _LEVELS, column=True),
    FactKey("sfdr", "Durabilité (SFDR)", "risk", "code", SFDR_LABELS, column=True),
    _cost("entry_costs", "Frais d'entrée, au plus"),
    _cost("ongoing_costs", "Frais courants", column=True),
    FactKey("transaction_costs", "Coûts de transaction", "costs", "ratio", least=Decimal(-1)),  # measured, they may be a gain
    _cost("exit_costs", "Frais de sortie, au plus"),
    _cost("management_fee", "Frais de gestion, dans les frais courants"),
    _cost("distribution_fee", "Rétrocession, dans les frais courants"),
    FactKey("performance_fee", "Commission de performance", "costs", "code", _YES),
    _target("retail", "Clients non professionnels"),
    _target("professional", "Clients professionnels", {**TARGETS, "P": "Par nature", "E": "Sur option"}),
    _target("basic", "Investisseur peu averti"),
    _target("informed", "Investisseur informé"),
    _target("advanced", "Investisseur expérimenté"),
    _target("no_loss", "Ne peut perdre aucun capital"),
    _target("limited_loss", "Peut perdre une part limitée du capital"),
    _target("any_loss", "Peut perdre tout le capital"),
    _target("beyond_loss", "Peut perdre plus que le capital"),
    _target("preservation", "Cherche à préserver son capital"),
    _target("growth", "Cherche la croissance"),
    _target("income", "Cherche un revenu"),
    FactKey("tolerance", "Tolérance au risque (méthode PRIIPs)", "target", "level", _LEVELS),
    FactKey("tolerance_ucits", "Tolérance au risque (méthode OPCVM)", "target", "level", _LEVELS),
    FactKey("holding_period", "Durée de détention conseillée", "target", "text", most=40),
)
KEYS: dict[str, FactKey] = {one.code: one for one in _ALL}


def written(code: str, value: Any) -> str:
    """A value as its fact keeps it; «» for none. Raises `DomainError`, at the field of that name, for what it cannot be."""
    key = KEYS[code]
    if value in (None, ""):
        if key.needed:
            raise DomainError(f"Donnez une valeur à «\u202f{key.label}\u202f»\u202f: elle ne peut pas être vide.", field=code)
        return ""
    if key.kind == "ratio":
        return _ratio(key, value)
    text = " ".join(str(value).split())
    if key.codes and text not in key.codes:
        raise DomainError("Choisissez une valeur de la liste.", field=code)
    if key.kind == "currency" and not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
        raise DomainError("Écrivez le code de la devise en trois lettres\u202f: EUR, USD…", field=code)
    if len(text) > key.most:
        raise DomainError(f"Ce texte est trop long\u202f: {key.most} caractères au plus.", field=code)
    return text


def typed(code: str, text: str) -> Any:
    """The value of a fact as its column takes it; None for an empty one."""
    key = KEYS[code]
    if not text:
        return "NA" if code == "sfdr" else None
    return Decimal(text) if key.kind == "ratio" else int(text) if key.kind == "level" else text


def told(code: str, value: Any) -> str:
    """The value of a column as a fact would keep it."""
    if value is None:
        return ""
    return _plain(value) if isinstance(value, Decimal) else str(value)


def _ratio(key: FactKey, value: Any) -> str:
    try:
        found = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise DomainError("Écrivez un pourcentage, par exemple 1,25.", field=key.code) from None
    if not found.is_finite() or not key.least <= found <= 1:
        raise DomainError("Des frais vont de 0 à 100\u202f%\u202f: vérifiez la valeur.", field=key.code)
    if found != found.quantize(Decimal("1e-8")):
        raise DomainError("Six décimales au plus pour un pourcentage.", field=key.code)
    return _plain(found)


def _plain(value: Decimal) -> str:
    """«0.0125», never «1.25E-2», without the noughts that tell nothing."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
