"""What each cabinet sets: where the mutual's programs are, and the key that it gave."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.api.forms import Form
from core.api.forms import fields
from core.api.settings import Secret

ADDRESS = "https://api.alizes.example"


class AlizesSettings(Form):
    """`address` has a default; without `key` nothing is asked of the mutual."""

    keeps_blanks = True
    about = _l("La mutuelle remet au cabinet une clé d'accès à la signature de la convention.")

    address = fields.matching(
        _l("Adresse de l'API"), r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?", _l("Une adresse comme https://api.alizes.example."),
        empty=ADDRESS,
    )  # fmt: skip
    key = Secret(_l("Clé d'accès"), help=_l("Chiffrée, jamais réaffichée."))
