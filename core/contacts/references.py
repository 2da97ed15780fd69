"""Which columns of core's tables at this floor and below name a contact. Tables above declare theirs beside their models."""

from __future__ import annotations

from core.hooks import references
from core.hooks.declared import Ref

_SAID = (("subject_kind", "contact"),)

references.declare(
    Ref("contact_adviser", "contact_id", to="contact", on_conflict="drop"),
    Ref("household_member", "household_id", to="contact", on_conflict="drop"),
    Ref("household_member", "contact_id", to="contact", on_conflict="drop"),
    Ref("contact_address", "contact_id", to="contact", alike=("street", "extra", "postal_code", "city", "country")),
    Ref("contact_phone", "contact_id", to="contact", alike=("number",)),
    Ref("contact_email", "contact_id", to="contact", alike=("folded",)),
    Ref("contact_bank", "contact_id", to="contact", alike=("iban",)),
    Ref("contact_number", "contact_id", to="contact", on_conflict="drop"),
    Ref("contact_labelling", "contact_id", to="contact", on_conflict="drop"),
    Ref("custom_value", "contact_id", to="contact", on_conflict="drop"),
    Ref("contact_relation", "a_id", to="contact", on_conflict="drop"),
    Ref("contact_relation", "b_id", to="contact", on_conflict="drop"),
    Ref("contact_apart", "first_id", to="contact", on_conflict="drop"),
    Ref("contact_apart", "second_id", to="contact", on_conflict="drop"),
    Ref("document", "owner_id", to="contact", when=(("owner_kind", "contact"),)),
    Ref("notification", "subject_id", to="contact", when=_SAID),
    Ref("live_event", "subject_id", to="contact", when=_SAID),
)

#: Columns that may name a contact and are left as they are, each with why (a test reads this).
LEFT: dict[tuple[str, str], str] = {
    ("access_line", "subject_id"): "a log of what was read says what was read then; it is read by all of a contact's names",
    ("search_word", "ref"): "the words of the search are made anew",
    ("account_part", "contact_id"): "reckoned anew by core.wealth.totals; gone with its contact",
    ("contact_merge", "kept_id"): "a merge says what was done then; names are followed from one to the next",
    ("contact_merge", "merged_id"): "as above",
}
