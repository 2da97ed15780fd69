"""Relations, households, families and structures as the API shows and takes them (DO-02)."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l

from core.contacts.relation_types import COUNSELS
from core.contacts.relation_types import FILIATIONS
from core.contacts.relation_types import GROUPS
from core.contacts.relation_types import KINDS
from core.contacts.relation_types import RIGHTS
from core.contacts.relation_types import ROLE_LABELS
from core.contacts.schemas import KIND_LABELS
from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.web import inputs
from core.web.fields import Parsed

_KINDS = dict.fromkeys(KINDS, "")


class Ratio(Parsed):
    """A share as text, a ratio of the whole: 0.3333."""

    default_error_messages = {"invalid": _l("Écrivez la part comme un texte, de 0 à 1\u202f: «\u202f0.3333\u202f».")}

    @staticmethod
    def parse(value: str) -> Decimal:
        """Up to six decimals. Raises ValueError."""
        found = inputs.amount(value, decimals=6)
        if not 0 < found <= 1 or "," in value:
            raise ValueError(value)
        return found


class RelationQuery(Asked):
    """Which relations."""

    group = schemas.ask_code(_l("Groupe"), GROUPS)


class EndOut(Given):
    """The other end of a relation."""

    id = schemas.string()
    name = schemas.string()
    kind = schemas.string(_l("Nature"), codes=KIND_LABELS)
    file_code = schemas.string(_l("Code dossier"))
    birth_date = schemas.day()
    death_date = schemas.day()


class RelationOut(Given):
    """A relation as one of its ends sees it."""

    id = schemas.string()
    kind = schemas.string(_l("Sorte de relation"), codes=_KINDS)
    role = schemas.string(_l("Ce que l'autre contact est pour celui-ci"), codes=ROLE_LABELS)
    label = schemas.string(_l("La même chose, en français"))
    other = schemas.one(EndOut, _l("L'autre contact"))
    since = schemas.day(_l("Depuis le"))
    until = schemas.day(_l("Terminée le"))
    filiation = schemas.string(null=True, codes=FILIATIONS)
    share = schemas.money(_l("Part, en ratio"))
    right = schemas.string(_l("Droit"), null=True, codes=RIGHTS)
    function = schemas.string(null=True)
    counsel = schemas.string(_l("Conseil"), null=True, codes=COUNSELS)
    note = schemas.string(null=True)


class RelationPatch(Taken):
    """What changes of a relation."""

    since = schemas.ask_day(_l("Depuis le"), null=True, past=True)
    until = schemas.ask_day(_l("Terminée le"), null=True)
    filiation = schemas.ask_code(_l("Filiation"), FILIATIONS, null=True)
    share = Ratio(allow_none=True, metadata={"label": _l("Part, en ratio de 0 à 1")})
    right = schemas.ask_code(_l("Droit"), RIGHTS, null=True)
    function = schemas.ask_text(_l("Fonction"), null=True)
    counsel = schemas.ask_code(_l("Conseil"), COUNSELS, null=True)
    note = schemas.ask_text(_l("Note"), 500, null=True, lines=True)


class RelationNew(RelationPatch):
    """A relation to add."""

    role = schemas.ask_code(_l("Ce que l'autre contact est pour celui-ci"), ROLE_LABELS, missing=_l("Choisissez un lien."))
    other = schemas.ask_text(_l("Id de l'autre contact"), missing=_l("Nommez l'autre contact."))


class RelationEnd(Taken):
    """The end of a relation."""

    until = schemas.ask_day(_l("Le jour de la fin"), missing=_l("Donnez le jour de la fin."))


class MemberOut(Given):
    """A member of a household."""

    id = schemas.string()
    name = schemas.string()
    birth_date = schemas.day()
    death_date = schemas.day()
    tax_attached = schemas.flag(_l("Rattaché au foyer fiscal"))
    address = schemas.string(_l("Adresse principale, vide si elle n'est pas connue"))
    same_address = schemas.string(_l("yes, no, ou nul si l'une des adresses manque"), null=True, codes={"yes": "", "no": ""})


class HouseholdOut(Given):
    """A household."""

    id = schemas.string()
    name = schemas.string()
    address = schemas.string()
    members = schemas.many(MemberOut)


class MemberNew(Taken):
    """A person who joins a household."""

    contact = schemas.ask_text(_l("Id de la personne"), missing=_l("Nommez la personne."))
    tax_attached = schemas.ask_flag(_l("Rattachée au foyer fiscal\u202f: oui si le champ manque"))


class MemberPatch(Taken):
    """What changes of a member."""

    tax_attached = schemas.ask_flag(_l("Rattachée au foyer fiscal"), missing=_l("Dites si la personne est rattachée."))


class KinOut(Given):
    """Somebody of a family."""

    id = schemas.string()
    name = schemas.string()
    role = schemas.string(_l("Ce qu'il est pour le contact\u202f; vide pour lui-même"))
    generation = schemas.whole(_l("0\u202f: celle du contact\u202f; 1\u202f: ses enfants"), source="row")
    birth_date = schemas.day()
    death_date = schemas.day()
    ended = schemas.flag(_l("Union terminée"))


class FamilyOut(Given):
    """A family, from grandparents to grandchildren."""

    people = schemas.many(KinOut)


class NodeOut(Given):
    """A person or a company of a structure."""

    id = schemas.string()
    name = schemas.string()
    kind = schemas.string(codes=KIND_LABELS)
    layer = schemas.whole(_l("Sous 0\u202f: détient le contact\u202f; au-dessus\u202f: détenu par lui"))
    capital = schemas.money(_l("Part du capital, toutes chaînes, en ratio"))
    votes = schemas.money(_l("Part des votes, toutes chaînes, en ratio"))
    beneficial_owner = schemas.flag(_l("Plus de 25\u00a0% du capital ou des votes"), source="owner")
    declared = schemas.flag(_l("Déclaré bénéficiaire effectif"))


class HeldOut(Given):
    """Parts of a company in one hand, of each right."""

    holder = schemas.string()
    company = schemas.string()
    capital = schemas.money()
    votes = schemas.money()


class StructureOut(Given):
    """Who holds a contact, and what it holds."""

    nodes = schemas.many(NodeOut)
    holdings = schemas.many(HeldOut, source="ties")
    left_out = schemas.whole(_l("Liens laissés de côté"))
