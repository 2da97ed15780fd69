"""Bugs to plant in a copy of the simulated extranet: what is changed, which check catches it, which line it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from plp_conform.model import OIDC
from plp_conform.model import SAML_SP


@dataclass(frozen=True, slots=True)
class Bug:
    """`changes`: file → (text that stands there once, its replacement), each."""

    name: str
    check: str
    requirement: str
    changes: dict[str, tuple[tuple[str, str], ...]]
    binding: str = OIDC


def _bug(name: str, check: str, requirement: str, file: str, old: str, new: str, **more: tuple[str, str]) -> Bug:
    others = {f"{module}.py": (change,) for module, change in more.items()}
    return Bug(name, check, requirement, {f"{file}.py": ((old, new),), **others})


BUGS = (
    _bug("leeway_of_minutes", "request.exp-past", "PLP-032", "gate", "_LEEWAY_S = 30", "_LEEWAY_S = 300"),
    _bug("no_leeway", "request.leeway", "PLP-032", "gate", "_LEEWAY_S = 30", "_LEEWAY_S = 0"),
    _bug("jti_not_stored", "request.jti-once", "PLP-036", "gate", "if done.rowcount != 1:", "if False:"),
    _bug("jti_of_all", "request.jti-of-each", "PLP-036", "gate", '(iss, claims["jti"],', '("*", claims["jti"],'),
    _bug("alg_none", "request.alg-none", "PLP-029", "gate", 'header.get("alg") != "ES256" or', "",
         keys=("    try:\n        jws.deserialize_compact(token, key",
               "    if token.endswith('.'):\n        return True\n    try:\n        jws.deserialize_compact(token, key")),
    _bug("typ_ignored", "request.typ-jwt", "PLP-029", "gate", 'or header.get("typ") != "plp-req+jwt" ', ""),
    _bug("jku_accepted", "request.header-jku", "PLP-029", "gate", '_FORBIDDEN = ("jku", ', "_FORBIDDEN = ("),
    _bug("crit_ignored", "request.header-crit", "PLP-029", "gate", '"jwk", "crit")', '"jwk")'),
    _bug("signature_unread", "request.signature-stranger", "PLP-031", "gate",
         "if key is None or not keys.verify(token, key):", "if key is None:"),
    _bug(
        "any_published_key",
        "keys.paper",
        "PLP-017",
        "trust",
        "    return found if believed else None",
        "    return found",
    ),
    _bug(
        "statements_unread",
        "statements.rotation",
        "PLP-019",
        "api",
        "trust.take(connection, caller.registration, mandate, document.get(\"statements\") or [], now)",
        "pass",
    ),
    _bug("life_of_an_hour", "request.life-too-long", "PLP-033", "gate", "_LIFE_S = 90", "_LIFE_S = 3600"),
    _bug("aud_unread", "request.aud-other", "PLP-033", "gate", 'and claims.get("aud") == base\n', "\n"),
    _bug("htm_any_case", "request.htm-lower", "PLP-033", "gate", 'claims.get("htm") ==', 'str(claims.get("htm")).upper() =='),
    _bug("htu_unread", "request.htu-other", "PLP-033", "gate",
         'and claims.get("htu") == (request.beside or base) + request.path\n', "\n"),
    _bug("bsh_unread", "request.bsh-other", "PLP-033", "gate", 'and claims.get("bsh") == wire.sha256(request.body)\n', "\n"),
    _bug("boolean_time", "request.nbf-boolean", "PLP-033", "gate", "isinstance(value, int) and not isinstance(value, bool)",
         "isinstance(value, int)"),
    _bug("body_before_signature", "request.body-unread", "PLP-024", "api",
         "    return came, gate.authenticate",
         "    if came.body:\n        documents.read_object(came.body)\n    return came, gate.authenticate"),
    _bug("any_sub", "request.sub", "PLP-023", "gate", "if caller.sub != mandate.mandate:", "if False:"),
    _bug("any_version", "convention.version", "PLP-027", "gate", 'if request.version != "1":',
    'if request.version not in ("1", None):'),
    _bug("any_media_type", "request.media-type", "PLP-028", "gate", 'request.media_type != "application/json"', "False"),
    _bug("members_twice", "request.body", "PLP-003", "wire", "if len(made) != len(pairs):", "if False:"),
    _bug("interaction_as_it_came", "convention.interaction-bad", "PLP-008", "wire", "if given and len(given) == 36:",
         "if given:\n        return given\n    if given and len(given) == 36:"),
    _bug("kid_twice", "keys.refused", "PLP-016", "keys", "or kid in found:", "or False:"),
    _bug("redirects_followed", "keys.refused", "PLP-016", "calls", "allow_redirects=False", "allow_redirects=True"),
    _bug("refetch_each_time", "keys.refetch", "PLP-016", "keys", "_REFETCH_S = 60", "_REFETCH_S = 0"),
    _bug("old_secret_dropped", "secret.rotation", "PLP-013", "registrations", "_OLD_SECRET_S = 7 * 86_400", "_OLD_SECRET_S = 0"),
    _bug("older_version_taken", "mandate.version", "PLP-038", "mandates", 'elif document["version"] < known.version:',
    "elif False:"),
    _bug("any_thumbprint", "mandate.unknown-jkt", "PLP-038", "api", 'if not set(document["jkt"]) <= trust.trusted(',
    "if False and ("),
    _bug("anothers_mandate", "mandate.of-another", "PLP-034", "gate",
         "mandate = mandates.find(connection, caller.mandate, caller.registration.iss)",
         "mandate = mandates.find(connection, caller.mandate)"),
    _bug("suspended_is_usable", "mandate.usable", "PLP-042", "mandates", '_NOT_USABLE = ("suspended", ', "_NOT_USABLE = ("),
    _bug("scope_unread", "mandate.scope-needed", "PLP-040", "gate", "if scope not in mandate.scopes:", "if False:"),
    _bug("anothers_contract_tells", "capabilities.unknown", "PLP-048", "capabilities",
         'raise Problem("account-unknown", "aucun contrat de ce numéro sous ce code courtier")',
         'raise Problem("account-unknown", "inconnu" if book.contract_by_ref(connection, asked.ref) is None else "d\'un autre")'),
    _bug("any_actor", "capabilities.actor", "PLP-048", "capabilities", "if asked.adviser != caller.sub or ", "if "),
    _bug("a_form_blocks", "hook.silence", "PLP-051", "ledger", "(contract_id, *IN_PROGRESS),",
    '(contract_id, "pending", "opened"),'),
    _bug("parameter_twice", "launch.initiate-repeated", "PLP-062", "launch", "if len(found) > 1 or (required and not found):",
         "if required and not found:"),
    _bug("one_nonce", "launch.fresh", "PLP-055", "launch", "nonce=secrets.token_urlsafe(24)", 'nonce="toujours-le-meme-nonce"'),
    _bug("callback_again", "launch.once", "PLP-063", "launch", "AND completed IS NULL AND", "AND"),
    _bug("any_browser", "launch.other-browser", "PLP-063", "launch", 'if not hmac.compare_digest(brought, row["cookie"]):',
    "if False:"),
    _bug("iss_unread", "launch.iss", "PLP-066", "launch", "if iss != flow.registration.iss:", "if iss is None:"),
    _bug("assertion_without_end", "launch.assertion", "PLP-073", "launch", '"exp": issued + 60', '"exp": issued + 3600'),
    _bug("nonce_unread", "id-token.nonce", "PLP-077", "id_token", 'claims.get("nonce") == expected.nonce', "True"),
    _bug("client_unread", "id-token.aud", "PLP-075", "id_token",
         'claims.get("aud") == expected.registration.client_id and', ""),
    _bug("token_unsigned", "id-token.signature", "PLP-075", "id_token", "if key is None or not keys.verify(token, key):",
         "if key is None:"),
    _bug("returns_anywhere", "id-token.return-url", "PLP-077", "id_token",
         "return (one.scheme, one.netloc) == (other.scheme, other.netloc)", "return True"),
    _bug("act_out_of_scope", "id-token.scope", "PLP-077", "id_token", 'f"launch:{act.code}" in mandate.scopes', "True"),
    _bug("reference_again", "id-token.transaction-used", "PLP-077", "id_token",
         '_refuse_unless(not known, "transaction_ref used")', "pass",
         launch=('raise LaunchRefused("refused", 403, "transaction_ref used", opening.interaction_id)',
                 "return ledger.by_ref(connection, opening.transaction_ref)")),
    _bug("closed_act_opens", "launch.closed", "PLP-079", "launch", "if decision.reason is not None:", "if False:",
         act_flow=("if act.closed is None or act.transaction.transaction_ref is None:", "if True:")),
    _bug("numbers_by_two", "hook.first", "PLP-085", "ledger", "    step = 1\n", "    step = 2\n"),
    _bug("no_previous", "hook.sequence", "PLP-085", "ledger", "None if before.status == OPEN else before.status", "None"),
    _bug("correction_of_nothing", "hook.corrected", "PLP-100", "ledger", '"corrects": before.seq if corrected else None',
    '"corrects": None'),
    _bug("final_is_not_final", "hook.final", "PLP-100", "ledger", "if before.status in FINAL and not corrected:", "if False:"),
    _bug("another_id_each_time", "hook.retried", "PLP-087", "sender", "registration.secrets, hook.webhook_id,",
         'registration.secrets, f"{hook.webhook_id}{hook.attempts}",'),
    _bug("never_again", "hook.retried", "PLP-087", "sender", "_RETRIED = (401, 408, 429)", "_RETRIED = (408, 429)"),
    _bug("again_and_again", "hook.not-retried", "PLP-087", "sender", "_RETRIED = (401,", "_RETRIED = (400, 401,"),
    _bug("signed_over_the_body_alone", "hook.signed", "PLP-090", "signing", 'f"{webhook_id}.{at}.".encode() + body', "body"),
    _bug("anothers_feed", "feed.own", "PLP-101", "feed", "WHERE mandate = ? AND id > ?", "WHERE ? IS NOT NULL AND id > ?"),
    _bug("cursor_of_all", "feed.cursor", "PLP-102", "feed", 'f"{mandate}|{last}|{at}"', 'f"{last}|{at}"'),
    _bug("limit_of_nothing", "feed.limit", "PLP-102", "feed", "or int(text) < 1:", "or False:"),
    _bug("next_key_at_once", "hook.keys-rotated", "PLP-020", "own_keys", "NOTICE_S = 24 * 3600.0", "NOTICE_S = -1"),
    _bug("statement_of_another", "hook.keys-rotated", "PLP-018", "rotation", "iss=settings.partner_id,", 'iss="un_autre",'),
    _bug("another_slug", "problem.shape", "PLP-107", "problems", '"too-large": (413',
    '"method-not-allowed": (400, "Méthode"),\n    "too-large": (413'),
)  # fmt: skip

#: In the service provider (PLP-114 to PLP-121).
_SAML = (
    _bug("any_key_info", "saml.key-info", "PLP-114", "saml_signature",
         "    for certificate in certificates:\n",
         '    inside = assertion.find(f".//{tag(SIGNATURE, \'X509Certificate\')}")\n'
         "    if inside is not None:\n        certificates = [str(inside.text)]\n    for certificate in certificates:\n"),
    _bug("first_certificate_alone", "saml.two-certificates", "PLP-114", "saml_signature",
         "for certificate in certificates:", "for certificate in certificates[:1]:"),
    _bug("active_request", "saml.request", "PLP-115", "saml_launch", '"IsPassive": "true",', '"IsPassive": "false",'),
    _bug("one_request_id", "saml.fresh", "PLP-115", "saml_launch", 'f"_{secrets.token_hex(16)}"', '"_toujours_la_meme_demande"',
         launch=("INSERT INTO flows", "INSERT OR REPLACE INTO flows")),
    _bug("query_signed_without_relay", "saml.request", "PLP-115", "saml_launch",
         "saml_keys.sign(pair, query.encode())", 'saml_keys.sign(pair, query.replace("&RelayState", "").encode())'),
    Bug("unsolicited_taken", "saml.unsolicited", "PLP-116", {
        "saml_response.py": (
            ('refuse_unless(bool(found), "unsolicited")', "pass"),
            ('root.get("InResponseTo") == due.request_id', 'root.get("InResponseTo") in (None, due.request_id)'),
            ('data.get("InResponseTo") == due.request_id', 'data.get("InResponseTo") in (None, due.request_id)'),
        ),
        "saml_launch.py": (
            ('WHERE state = ?", (request_id,)', 'WHERE ? IN (state, \'None\') ORDER BY expires DESC", (request_id,)'),
        ),
    }),
    _bug("any_destination", "saml.destination", "PLP-117", "saml_response", 'root.get("Destination") == due.acs_url', "True"),
    _bug("status_unread", "saml.failed-status", "PLP-117", "saml_launch",
         "wrong = saml_response.error_of(root)", "wrong = None"),
    _bug("any_recipient", "saml.recipient", "PLP-118", "saml_response", 'data.get("Recipient") == due.acs_url', "True"),
    _bug("never_expires", "saml.expired", "PLP-118", "saml_response", "until > now - LEEWAY_S", "True"),
    _bug("leeway_of_saml_minutes", "saml.conditions-expired", "PLP-118", "saml_response", "LEEWAY_S = 30", "LEEWAY_S = 300"),
    _bug("no_saml_leeway", "saml.leeway", "PLP-118", "saml_response", "LEEWAY_S = 30", "LEEWAY_S = 0"),
    _bug("any_qualifier", "saml.name-qualifier", "PLP-118", "saml_response",
         "refuse_unless(qualified == (PERSISTENT, due.iss, due.entity_id)", "refuse_unless(qualified[0] == PERSISTENT"),
    _bug("last_attribute_wins", "saml.attribute-twice", "PLP-119", "saml_response", "and short not in found", ""),
    _bug("relay_unread", "saml.relay", "PLP-119", "saml_launch", "if relay != flow.launch_id:", "if False:"),
    _bug("plain_taken", "saml.plain", "PLP-120", "saml_response",
         '    refuse_unless(bool(encrypted), "plain assertion")\n',
         "    if plain:\n        return parse(etree.tostring(found, with_tail=False))\n"),
    _bug("any_audience", "saml.audience", "PLP-121", "saml_response", "text_of(audience) == due.entity_id", "True"),
    _bug("any_issuer", "saml.issuer", "PLP-121", "saml_response",
         'refuse_unless(text_of(only(assertion, ASSERTION, "Issuer")) == due.iss, "issuer")', "pass"),
    _bug("subjects_request_unread", "saml.in-response-to", "PLP-121", "saml_response",
         'refuse_unless(data.get("InResponseTo") == due.request_id, "request of the subject")', "pass"),
    Bug("wrapped_signature", "saml.wrapped-object", "PLP-121", {
        "saml_signature.py": (
            ("    _check_form(assertion)\n", ""), ('covered.get("ID") == assertion.get("ID")', "True"),
            ("    return covered\n", "    return assertion\n"),
        ),
        "saml_response.py": (
            ('refuse_unless(len(list(inner.iter(tag(ASSERTION, "Assertion")))) == 1, "number of assertions")', "pass"),
        ),
    }),
    _bug("assertion_twice", "saml.assertion-once", "PLP-121", "saml_launch", "if first.rowcount != 1:", "if False:"),
    _bug("sha1_taken", "saml.sha1", "PLP-121", "saml_signature", "frozenset({SignatureMethod.RSA_SHA256})",
         "frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA1})"),
    _bug("comments_taken", "saml.comment", "PLP-121", "saml_signature", "    without_remarks(assertion)\n", ""),
    _bug("any_transform", "saml.transform", "PLP-121", "saml_signature", "== _TRANSFORMS,", "!= [],"),
    _bug("first_assertion_taken", "saml.second-after", "PLP-121", "saml_response",
         "len(plain) + len(encrypted) == 1", "plain or encrypted"),
    Bug("document_type_read", "saml.dtd", "PLP-121", {
        "saml_xml.py": (
            ('refuse_unless("<!DOCTYPE" not in text and "<!ENTITY" not in text, "document type")', "pass"),
            ('refuse_unless(root.getroottree().docinfo.internalDTD is None, "document type")', "pass"),
        ),
    }),
)  # fmt: skip
BUGS = (*BUGS, *(replace(bug, binding=SAML_SP) for bug in _SAML))
