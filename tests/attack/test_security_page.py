"""docs/security.md names tests that are there, and says something of every requirement of levels 1 and 2."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
IDS = re.compile(r"V(\d+\.\d+\.\d+)(?:–V(\d+\.\d+\.\d+))?")
ALL = (Path(__file__).with_name("asvs_5_levels_1_and_2.txt")).read_text().split()


def test_every_test_that_the_page_names_is_there():
    missing = set()
    for path, name in NAMED.findall(PAGE):
        text = (ROOT / path).read_text() if (ROOT / path).is_file() else None
        if text is None or (name and f"def {name}(" not in text):
            missing.add(f"{path}::{name}")
    assert missing == set()


def test_every_setting_file_that_it_links_is_there():
    links = re.findall(r"\]\((?!https)([\w/.-]+\.md)\)", PAGE)
    assert {link for link in links if not (ROOT / "docs" / link).is_file()} == set()


def test_it_says_something_of_every_requirement():
    told = set()
    for first, last in IDS.findall(PAGE):
        told |= {one for one in ALL if _order(first) <= _order(one) <= _order(last or first)}
    assert [one for one in ALL if one not in told] == []
    named = {one for pair in IDS.findall(PAGE) for one in pair if one}
    assert {one for one in named if one not in ALL} <= {"10.7.3", "17.3.2"}


def _order(number):
    return [int(part) for part in number.split(".")]
