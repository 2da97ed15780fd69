"""PLP-116 to PLP-121: a Response that is spoilt in one way opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from functools import partial
from typing import Any

from plp_conform import wire
from plp_conform.against_partner.bench import Bench
from plp_conform.against_partner.flow import origin
from plp_conform.against_partner.launch import refused
from plp_conform.against_partner.registry import REGISTRY
from plp_conform.against_partner.saml_flow import SamlFlow
from plp_conform.against_partner.saml_flow import Spoil
from plp_conform.against_partner.saml_launch import saml
from plp_conform.model import SAML_SP
from plp_conform.model import Check
from plp_conform.model import Side
from plp_conform.saml import forging
from plp_conform.saml import keys
from plp_conform.saml import names
from plp_conform.saml.signing import How
from plp_conform.trial import Trial

CHAPTER = "Ouverture par SAML 2.0\u202f: réponses refusées"
check = REGISTRY.chapter(CHAPTER, SAML_SP)
_ELSEWHERE = "https://ailleurs.example/saml"


@dataclass(frozen=True, slots=True)
class Case:
    """`spoil`, or what makes it of the bench; `whole`: makes the whole Response of the right one."""

    name: str
    title: str
    ids: tuple[str, ...]
    spoil: Spoil | Callable[[Bench], Spoil] = field(default_factory=Spoil)
    whole: Callable[[SamlFlow, str], str] | None = None


def _moved(**seconds: int) -> Callable[[SamlFlow], dict[str, Any]]:
    return lambda made: {name: wire.stamp(made.platform.now() + by) for name, by in seconds.items()}


def _forged(make: Callable[[str, str], str]) -> Spoil:
    """`make` of the right, signed assertion and of one that speaks of another contract, without signature."""

    def carry(made: SamlFlow, signed: str) -> str:
        evil = made.said(Spoil(plp={"account_ref": made.bench.book("other_account")})).markup()
        return make(signed, evil)

    return Spoil(carry=lambda made, signed: made.carried(carry(made, signed)))


def _beside(*, first: bool) -> Spoil:
    """A second assertion in the Response, itself as PLP-120 has it."""

    def carry(made: SamlFlow, signed: str) -> str:
        evil = made.carried(made.said(Spoil(plp={"account_ref": made.bench.book("other_account")})).markup())
        right = made.carried(signed)
        return evil + right if first else right + evil

    return Spoil(carry=carry)


def _commented(made: SamlFlow) -> dict[str, Any]:
    """The signature holds: canonical form leaves comments out."""
    sub = made.platform.sub
    return {"name_id": f"{sub[:8]}<!-- -->{sub[8:]}"}


_S = ("PLP-121", "PLP-117")
_T = ("PLP-118",)
_1 = ("PLP-121",)
_A = ("PLP-119",)
_7 = ("PLP-119", "PLP-077")
CASES = (
    Case("unsigned", "sans signature", _S, Spoil(unsigned=True)),
    Case("stranger", "signée par une clé d'aucune fiche", ("PLP-114", "PLP-117"), Spoil(key=keys.strangers)),
    Case("key-info", "signée par une clé étrangère dont le certificat est dans KeyInfo", ("PLP-114", "PLP-121"),
         lambda _: Spoil(key=keys.strangers, how=How(key_info=keys.strangers().certificate))),
    Case("tampered", "changée après la signature", _S, _forged(forging.altered)),
    Case("sha1", "signature rsa-sha1", _1, Spoil(how=How(sha1=True))),
    Case("sha1-digest", "condensat sha1", _1, Spoil(how=How(sha1_digest=True))),
    Case("transform", "une autre forme canonique parmi les transformations", _1,
         Spoil(how=How(transforms=(names.ENVELOPED, names.EXCLUSIVE + "WithComments")))),
    Case("transform-more", "une troisième transformation", _1,
         Spoil(how=How(transforms=(names.ENVELOPED, names.EXCLUSIVE, names.EXCLUSIVE)))),
    Case("reference-all", "Reference de tout le document au lieu de l'assertion", _S, Spoil(how=How(uri=""))),
    Case("wrapped-object", "l'assertion signée cachée dans la signature d'une autre", _1, _forged(forging.in_object)),
    Case("wrapped-advice", "l'assertion signée cachée dans une autre, de même ID", _1, _forged(forging.in_advice)),
    Case("wrapped-child", "l'assertion signée en enfant d'une autre", _1, _forged(forging.as_child)),
    Case("wrapped-extension", "l'assertion signée à côté, dans Extensions", _1,
         Spoil(carry=lambda made, signed: forging.in_extensions(
             signed, made.said(Spoil(plp={"account_ref": made.bench.book("other_account")})).markup(), made.carried))),
    Case("second-before", "une seconde assertion, devant", _S, _beside(first=True)),
    Case("second-after", "une seconde assertion, derrière", _S, _beside(first=False)),
    Case("nothing", "Success sans assertion", ("PLP-117",), Spoil(carry=lambda _made, _signed: "")),
    Case("failed-status", "une assertion sous un statut d'échec", ("PLP-117",),
         Spoil(outer={"status": names.RESPONDER, "second": names.DENIED})),
    Case("destination", "Destination d'un autre", ("PLP-117",), Spoil(outer={"destination": f"{_ELSEWHERE}/acs"})),
    Case("audience", "Audience d'un autre", ("PLP-121", "PLP-118"), Spoil(said={"audiences": (_ELSEWHERE,)})),
    Case("audience-none", "sans Audience", ("PLP-118",), Spoil(said={"audiences": ()})),
    Case("recipient", "Recipient d'un autre", ("PLP-121", "PLP-118"), Spoil(said={"recipient": f"{_ELSEWHERE}/acs"})),
    Case("issuer", "Issuer d'un autre cabinet de la même plateforme", ("PLP-121", "PLP-114"),
         lambda bench: Spoil(said=lambda made: {"issuer": bench.other.iss, "qualifier": made.platform.iss})),
    Case("issuer-response", "Issuer de la Response d'un autre cabinet", ("PLP-121", "PLP-114"),
         lambda bench: Spoil(outer={"issuer": bench.other.iss})),
    Case("in-response-to", "InResponseTo d'une autre demande, dans l'assertion", ("PLP-121", "PLP-118"),
         Spoil(said={"in_response_to": "_une-autre-demande-de-conformite"})),
    Case("in-response-to-none", "sans InResponseTo dans l'assertion", ("PLP-121", "PLP-118"),
         Spoil(said={"in_response_to": None})),
    Case("expired", "confirmation échue depuis 45 s", _T, Spoil(said=_moved(until=-45))),
    Case("conditions-expired", "conditions échues depuis 45 s", _T, Spoil(said=_moved(ends=-45))),
    Case("not-yet", "valable dans 45 s", _T, Spoil(said=_moved(begins=45))),
    Case("confirmation", "confirmation autre que bearer", _T,
         Spoil(said={"method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"})),
    Case("name", "NameID d'un autre conseiller du mandat", ("PLP-118", "PLP-077"),
         Spoil(said=lambda made: {"name_id": made.platform.other_sub})),
    Case("name-format", "NameID transient", _T, Spoil(said={"name_format": names.TRANSIENT})),
    Case("name-qualifier", "NameQualifier d'un autre", _T, Spoil(said={"qualifier": f"{_ELSEWHERE}/plp"})),
    Case("name-sp", "SPNameQualifier d'un autre", _T, Spoil(said={"sp_qualifier": _ELSEWHERE})),
    Case("comment", "un commentaire dans NameID", _1, Spoil(said=_commented)),
    Case("dtd", "un type de document devant la Response", _1, Spoil(outer={"before": "<!DOCTYPE Response>"})),
    Case("bomb", "des entités qui se multiplient", _1, whole=lambda _, right: forging.bomb(right)),
    Case("entity", "une entité d'un fichier de la machine", _1, whole=lambda _, right: forging.outside(right)),
    Case("relay", "RelayState d'une autre ouverture", ("PLP-119",), Spoil(relay="lch_une_autre_ouverture")),
    Case("relay-none", "sans RelayState", ("PLP-119",), Spoil(relay=None)),
    Case("launch-id", "launch_id d'une autre ouverture", _7, Spoil(plp={"launch_id": "lch_une_autre_ouverture"})),
    Case("interaction-id", "interaction_id qui n'est pas un uuid4", _A, Spoil(plp={"interaction_id": "pas-un-uuid"})),
    Case("mandate", "mandat inconnu", _7, Spoil(plp={"mandate": "mdt_un_mandat_inconnu"})),
    Case("mandate-other", "mandat d'un autre émetteur", _7, lambda bench: Spoil(plp={"mandate": bench.other.mandate})),
    Case("action", "acte que la fiche n'a pas", _7, Spoil(plp={"action": "un_acte_inconnu"})),
    Case("broker-code", "code courtier autre que celui du mandat", _7, Spoil(plp={"broker_code": "C-AUTRE"})),
    Case("account", "contrat inconnu", _7, Spoil(plp={"account_ref": "CONFORMITE-0"})),
    Case("account-foreign", "contrat d'un autre courtier", _7,
         lambda bench: Spoil(plp={"account_ref": bench.book("foreign_account")})),
    Case("return-url", "return_url d'une autre origine", _7, Spoil(plp={"return_url": f"{_ELSEWHERE}/return"})),
    Case("return-url-script", "return_url en javascript:", _7, Spoil(plp={"return_url": "javascript:alert(1)"})),
    Case("transaction-null", "transaction_ref absente pour un acte", _A, Spoil(plp={"transaction_ref": None})),
    Case("attribute-format", "attributs d'un autre NameFormat", _A,
         Spoil(said={"attribute_format": "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"})),
    Case("attribute-twice", "un attribut nommé deux fois", _A,
         Spoil(said=lambda made: {"plp": (*made.said().plp, ("account_ref", made.bench.book("other_account")))})),
    *(
        Case(f"{name.replace('_', '-')}-absent", f"attribut {name} absent", _A, Spoil(plp={name: None}))
        for name in ("launch_id", "interaction_id", "mandate", "action", "account_scheme", "account_ref", "broker_code",
                     "return_url", "locale")
    ),
)  # fmt: skip


def _opens_nothing(case: Case, bench: Bench, trial: Trial) -> None:
    made = saml(bench).begin(trial)
    note = f"Response\u202f: {case.title}"
    if case.whole is not None:
        answer = made.deliver(case.whole(made, made.response()), relay=made.launch_id, note=note)
    else:
        answer = made.callback(spoil=case.spoil if isinstance(case.spoil, Spoil) else case.spoil(bench), note=note)
    refused(trial, made, answer, exchanged=True)
    page = made.get(f"{origin(str(made.saml['acs_url']))}/")
    trial.due(made.platform.display not in page.text, sent=note, came=page.came[:300], due="aucune session ouverte")


for _case in CASES:
    _title = f"Response qui n'ouvre rien\u202f: {_case.title}"
    REGISTRY.add(
        Check(f"saml.{_case.name}", _title, _case.ids, CHAPTER, Side.PARTNER, partial(_opens_nothing, _case), (SAML_SP,))
    )


@check("saml.plain", "Une assertion en clair est refusée là où la fiche a un certificat de chiffrement", "PLP-120")
def plain_where_encrypted_is_due(bench: Bench, trial: Trial) -> None:
    """The launch's data would pass readable through the browser, and the partner would not know."""
    if not bench.sheet["saml"].get("encryption_cert"):
        trial.due(True, sent="fiche", came="encryption_cert null", due="rien à refuser\u202f: les assertions viennent en clair")
        return
    made = saml(bench).begin(trial)
    answer = made.callback(spoil=Spoil(carry=lambda _, signed: signed), note="assertion en clair, juste par ailleurs")
    refused(trial, made, answer, exchanged=True)


@check("saml.encrypted-to-another", "Une assertion chiffrée pour un autre, ou abîmée, est refusée", "PLP-120")
def encrypted_to_another(bench: Bench, trial: Trial) -> None:
    """One answer for all that is wrong."""
    if not bench.sheet["saml"].get("encryption_cert"):
        trial.due(True, sent="fiche", came="encryption_cert null", due="rien à refuser\u202f: les assertions viennent en clair")
        return
    for note, spoilt in forging.BROKEN:
        made = saml(bench).begin(trial)
        refused(trial, made, made.callback(spoil=Spoil(carry=partial(_sealed, spoilt)), note=note), exchanged=True)


def _sealed(spoilt: Callable[[str, str], str], made: SamlFlow, signed: str) -> str:
    return spoilt(signed, str(made.saml["encryption_cert"]))


@check("saml.scope", "Par SAML non plus, un acte hors des droits du mandat ne s'ouvre pas", "PLP-119", "PLP-077", "PLP-040")
def an_act_out_of_scope(bench: Bench, trial: Trial) -> None:
    """Its mandate has no `launch:` at all."""
    made = saml(bench, platform=bench.active(scopes=["capabilities", "status"])).begin(trial)
    refused(trial, made, made.callback(note="acte hors des droits"), exchanged=True)


@check("saml.mandate-usable", "Par SAML non plus, rien ne s'ouvre sans mandat utilisable", "PLP-119", "PLP-077", "PLP-042")
def a_mandate_that_ended(bench: Bench, trial: Trial) -> None:
    """Suspended between the hand-over and the answer."""
    platform = bench.active()
    made = saml(bench, platform=platform).begin(trial)
    bench.do("suspend", mandate=platform.mandate)
    refused(trial, made, made.callback(note="mandat suspendu entre-temps"), exchanged=True)


@check("saml.unlisted", "Par SAML non plus, un conseiller absent du mandat n'ouvre rien", "PLP-119", "PLP-077")
def an_unlisted_adviser(bench: Bench, trial: Trial) -> None:
    """Hint and NameID agree; the mandate does not know him."""
    stranger = wire.new_id("adv")
    made = saml(bench).begin(trial, login_hint=stranger)
    refused(trial, made, made.callback(spoil=Spoil(said={"name_id": stranger}), note="hors de la liste"), exchanged=True)


@check("saml.transaction-used", "Par SAML non plus, une transaction_ref déjà connue n'ouvre rien", "PLP-119", "PLP-077")
def a_transaction_that_is_known(bench: Bench, trial: Trial) -> None:
    """Each launch has its own."""
    first = saml(bench)
    first.open(trial)
    second = saml(bench, transaction_ref=first.transaction_ref).begin(trial)
    refused(trial, second, second.callback(note="transaction_ref déjà servie"), exchanged=True)
