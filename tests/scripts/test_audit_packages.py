"""What the audit of packages makes of pip-audit's words."""

from scripts.audit_packages import judge

FINE = {"name": "django", "version": "5.2.1", "vulns": []}
UNKNOWN = {"name": "local", "skip_reason": "not found"}
BAD = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"]}, {"id": "PYSEC-1", "fix_versions": []}],
}


def test_a_known_vulnerability_fails_with_what_mends_it():
    assert judge([FINE, UNKNOWN, BAD]) == (
        [
            "jinja2 2.4.1: PYSEC-2014-8, mended in 2.7.2",
            "jinja2 2.4.1: PYSEC-1, mended in nothing yet",
            "2 of 3 packages audited, 1 with known vulnerabilities",
        ],
        1,
    )


def test_nothing_known_is_good():
    assert judge([FINE]) == (["1 of 1 packages audited, 0 with known vulnerabilities"], 0)


def test_a_service_without_advisories_stops_nothing():
    assert judge([UNKNOWN]) == (["packages were not audited: the advisory service knows none of them"], 0)
