"""What axe-core finds on the page of a browser."""

from pathlib import Path

SOURCE = (Path(__file__).parent / "vendor/axe-core/4.14.1/axe.min.js").read_text(encoding="utf-8")
SERIOUS = ("serious", "critical")


def find_violations(page, rules=()):
    """Serious and critical violations as lines of text; `rules`: only these of axe's rules."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(SOURCE)
    # Preloading would write style sheets into the page, which its content policy refuses and we count as its fault.
    options = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    answer = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}"
        for one in answer["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]
