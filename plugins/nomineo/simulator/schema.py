"""The tables. Amounts are integer cents, timestamps UTC seconds (REAL), documents JSON text."""

from __future__ import annotations

_LINK = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS registrations (
    iss TEXT PRIMARY KEY, client_id TEXT NOT NULL, sheet TEXT NOT NULL, old_secret TEXT, old_secret_until REAL,
    stopped INTEGER NOT NULL DEFAULT 0, jwks TEXT, jwks_good_at REAL, jwks_tried_at REAL);
CREATE TABLE IF NOT EXISTS used_jtis (
    iss TEXT NOT NULL, jti TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (iss, jti));
CREATE TABLE IF NOT EXISTS mandates (
    mandate TEXT PRIMARY KEY, iss TEXT NOT NULL REFERENCES registrations, version INTEGER NOT NULL,
    document TEXT NOT NULL, paper_jkt TEXT, state TEXT, seq INTEGER NOT NULL DEFAULT 0, received_at REAL,
    active_from REAL, effective_at REAL, code TEXT, reason TEXT, ended_at REAL, put_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS platform_statements (
    iss TEXT NOT NULL, iat INTEGER NOT NULL, kid TEXT NOT NULL, jkt TEXT NOT NULL, PRIMARY KEY (iss, iat));
CREATE TABLE IF NOT EXISTS statements_asked (iss TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS own_statements (
    mandate TEXT NOT NULL, iat INTEGER NOT NULL, token TEXT NOT NULL, PRIMARY KEY (mandate, iat));
CREATE INDEX IF NOT EXISTS mandates_iss ON mandates (iss);
CREATE TABLE IF NOT EXISTS flows (
    state TEXT PRIMARY KEY, cookie TEXT NOT NULL, iss TEXT NOT NULL, launch_id TEXT NOT NULL,
    login_hint TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL, interaction_id TEXT NOT NULL,
    expires REAL NOT NULL, completed REAL);
CREATE TABLE IF NOT EXISTS saml_tickets (
    ticket TEXT PRIMARY KEY, state TEXT NOT NULL REFERENCES flows ON DELETE CASCADE, claims TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS used_assertions (
    iss TEXT NOT NULL, id TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (iss, id));
CREATE TABLE IF NOT EXISTS sessions (
    sid TEXT PRIMARY KEY, csrf TEXT NOT NULL, adviser TEXT NOT NULL, display TEXT NOT NULL,
    broker_code TEXT NOT NULL, iss TEXT, mandate TEXT, return_url TEXT, interaction_id TEXT,
    expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, op TEXT NOT NULL, kind TEXT NOT NULL, times INTEGER NOT NULL, value REAL);
"""

_BOOK = """
CREATE TABLE IF NOT EXISTS brokers (code TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS logins (
    identifier TEXT PRIMARY KEY, password TEXT NOT NULL, broker_code TEXT NOT NULL REFERENCES brokers,
    display TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS supports (
    code TEXT PRIMARY KEY, isin TEXT, label TEXT NOT NULL, kind TEXT NOT NULL, risk INTEGER NOT NULL,
    investable INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS contracts (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL, ref_key TEXT NOT NULL UNIQUE,
    broker_code TEXT NOT NULL REFERENCES brokers, product TEXT NOT NULL, holder TEXT NOT NULL,
    legal_person INTEGER NOT NULL, birth_date TEXT, guarded INTEGER NOT NULL, deceased INTEGER NOT NULL,
    effect_date TEXT NOT NULL, pledged_to TEXT, closed_on TEXT, accepted INTEGER NOT NULL, advance INTEGER NOT NULL,
    minimum INTEGER NOT NULL, limits TEXT NOT NULL, clause TEXT NOT NULL, secured INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS positions (
    contract_id INTEGER NOT NULL REFERENCES contracts, code TEXT NOT NULL REFERENCES supports,
    amount INTEGER NOT NULL, PRIMARY KEY (contract_id, code));
CREATE TABLE IF NOT EXISTS plans (
    contract_id INTEGER NOT NULL REFERENCES contracts, kind TEXT NOT NULL, amount INTEGER NOT NULL,
    periodicity TEXT NOT NULL, next_date TEXT NOT NULL, suspended_on TEXT, PRIMARY KEY (contract_id, kind));
"""

_LEDGER = """
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, transaction_ref TEXT UNIQUE, partner_ref TEXT UNIQUE,
    iss TEXT, mandate TEXT, launch_id TEXT, interaction_id TEXT, contract_id INTEGER NOT NULL REFERENCES contracts,
    account_ref TEXT NOT NULL, action TEXT NOT NULL, nature TEXT NOT NULL, adviser TEXT NOT NULL,
    display TEXT NOT NULL, broker_code TEXT NOT NULL, status TEXT NOT NULL, seq INTEGER NOT NULL DEFAULT 0,
    reason TEXT, amount INTEGER, instructions TEXT, typed TEXT, prefill TEXT, effects TEXT, undo TEXT,
    return_url TEXT, created_at REAL NOT NULL, entered_on TEXT, effective_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS transactions_contract ON transactions (contract_id, status);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, mandate TEXT NOT NULL, transaction_ref TEXT NOT NULL, seq INTEGER NOT NULL,
    status TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL, UNIQUE (transaction_ref, seq));
CREATE INDEX IF NOT EXISTS events_mandate ON events (mandate, id);
CREATE TABLE IF NOT EXISTS hooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, webhook_id TEXT NOT NULL UNIQUE, iss TEXT NOT NULL, subject TEXT NOT NULL,
    type TEXT NOT NULL, seq INTEGER, status TEXT, interaction_id TEXT NOT NULL, body BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'due', attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL,
    extra TEXT, created_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS hooks_due ON hooks (state, next_at);
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, hook_id INTEGER NOT NULL REFERENCES hooks ON DELETE CASCADE,
    at REAL NOT NULL, http_status INTEGER, error TEXT, note TEXT, headers TEXT NOT NULL);
"""

SCHEMA = _LINK + _BOOK + _LEDGER

#: Emptied by a reset, children first.
LEDGER_TABLES = ("attempts", "hooks", "events", "transactions", "sessions", "saml_tickets", "flows", "faults")
BOOK_TABLES = ("plans", "positions", "contracts", "logins", "supports", "brokers")
LINK_TABLES = (
    "used_jtis", "used_assertions", "own_statements", "platform_statements", "statements_asked", "mandates", "registrations",
    "meta",
)  # fmt: skip
