"""What holds on SQLite holds on PostgreSQL: the same tests, on a real server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import postgresql

ROOT = Path(__file__).parents[2]
PLACES = ("tests/web", "tests/api", "tests/hostile")
ONCE = (
    "tests/api/test_fuzz.py",
    "tests/web/test_query_counts.py",
    "tests/hostile/test_uploads.py",
    "tests/hostile/test_exports.py",
    "tests/hostile/test_proofs.py",
    "tests/web/test_oidc.py",
    "tests/web/test_oidc_forged.py",
    "tests/web/test_saml.py",
    "tests/web/test_saml_idp.py",
    "tests/web/test_waived_examination.py",
)
"""Tests of the surface alone, which the database does not change."""
SYSTEMS = "tests/web/test_systems.py"
EXAMINING = "tests/web/test_examining.py"
LEFT_OUT = (
    "tests/hostile/test_pages.py::test_what_no_browser_sends_breaks_nothing",
    "tests/hostile/test_pages.py::test_no_text_breaks_a_page_or_becomes_part_of_it",
    "tests/hostile/test_pages.py::test_no_field_takes_a_number_that_none_has",
    "tests/hostile/test_pages.py::test_a_megabyte_breaks_no_form",
    "tests/hostile/test_operations.py::test_no_text_breaks_an_operation",
    "tests/hostile/test_operations.py::test_no_value_of_another_kind_breaks_an_operation",
    "tests/web/test_controls.py::test_naughty_strings_are_kept_as_text_or_refused",
    f"{SYSTEMS}::test_a_directory_and_a_roster_are_compared_once_it_is_said_which_they_are",
    "tests/hostile/test_operations.py::test_a_body_of_another_type_is_refused_everywhere",
    "tests/hostile/test_operations.py::test_the_json_test_suite_is_read_as_its_names_say",
    "tests/web/test_program_files.py::test_a_generated_program_comes_back_byte_for_byte",
    "tests/web/test_program_files.py::test_the_example_goes_into_a_new_organization_and_is_the_same",
    f"{EXAMINING}::test_what_connections_brought_leads_to_results_that_anybody_can_reperform",
    "tests/web/test_jobs.py::test_whatever_goes_down_each_moment_has_one_job",
    "tests/api/test_fit_operations.py::test_a_test_is_confirmed_outdated_and_withdrawn",
)
"""Single ones, as above: what never reaches a database, and long ones of which shorter ones beside
them ask the database the same.
"""


@pytest.mark.skipif(postgresql.programs() is None, reason="PostgreSQL is not installed")
@pytest.mark.enable_socket
def test_pages_and_api_hold_on_postgresql() -> None:
    """Every test of pages, of the API and of hostile text; fuzzing, files, browser left out."""
    with postgresql.server() as url:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-n0", "-q", *PLACES),
                *("-p", "no:cacheprovider", "--allow-hosts=127.0.0.1", "-m", "not browser"),
                *(f"--ignore={path}" for path in ONCE),
                *(f"--deselect={test}" for test in LEFT_OUT),
            ],
            cwd=ROOT,
            env=os.environ
            | {"REPERFORM_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "settings_for_tests"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 0, done.stdout[-8000:]
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) > 50
