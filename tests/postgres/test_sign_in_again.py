"""Limits of sign-in and the second factor, again on PostgreSQL: many workers, real concurrency."""

from tests.core.auth.test_limits import test_all_workers_count_together
from tests.core.auth.test_limits import test_five_wrong_passwords_then_a_short_pause
from tests.core.auth.test_limits import test_tries_are_in_the_journal
from tests.core.auth.test_limits import test_what_is_no_e_mail
from tests.core.auth.test_own_account import test_a_new_password
from tests.core.auth.test_own_account import test_all_others_then_all
from tests.core.auth.test_second_factor import test_a_cabinet_that_asks_for_it
from tests.core.auth.test_second_factor import test_a_code_serves_once
from tests.core.auth.test_second_factor import test_a_recovery_code_serves_once
from tests.core.auth.test_second_factor import test_enrolment_in_one_s_account

__all__ = [
    "test_a_cabinet_that_asks_for_it", "test_a_code_serves_once", "test_a_new_password", "test_a_recovery_code_serves_once",
    "test_all_others_then_all", "test_all_workers_count_together", "test_enrolment_in_one_s_account",
    "test_five_wrong_passwords_then_a_short_pause", "test_tries_are_in_the_journal", "test_what_is_no_e_mail",
]  # fmt: skip
