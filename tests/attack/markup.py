"""What an attacker would like a page to do, and finding it in a page that is parsed as browsers do."""

from html.parser import HTMLParser

ELEMENT, ATTRIBUTE = "attack-element", "attack-attribute"
PRODUCT = str(7919 * 7907)  # what a template would make of it
BREAKOUT = f"'\"></script></textarea></title><{ELEMENT} {ATTRIBUTE}=1>\" {ATTRIBUTE}=2 '"
TEMPLATE = "{{7919*7907}}{% now 'Y' %}{% debug %}${7919*7907}#{7919*7907}%(request)s%s%n{0.__class__}"
SCRIPT_LINK = "javascript:alert(document.domain)"
LEADING = ("href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post")


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults = []

    def handle_starttag(self, tag, attrs):
        if tag == ELEMENT:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name == ATTRIBUTE or name.startswith("on"):
                self.faults.append(f"<{tag} {name}>")
            bare = "".join((value or "").split()).lower()
            if name in LEADING and bare.startswith(("javascript:", "data:text", "vbscript:")):
                self.faults.append(f"<{tag} {name}={value}>")


def find_injected(answer):
    """What of an attacker's markup became elements, attributes or links that run something, or was evaluated."""
    kind = answer.headers.get("Content-Type", "")
    if answer.streaming or not ("html" in kind or "svg" in kind or "xml" in kind):
        return []
    page = answer.content.decode()
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.faults + (["evaluated"] if PRODUCT in page else [])
