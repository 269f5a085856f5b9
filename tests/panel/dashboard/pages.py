"""Reading pages as a visitor sees them: elements by name and attributes, and their text."""

from django.test.html import Element, parse_html


def find_all(response, name, /, **attributes):
    """The page's elements of that name with those attributes; `class_` has to be among the classes."""
    wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return [one for one in _walk(parse_html(response.content.decode())) if _fits(one, name, wanted)]


def find_one(response, name, /, **attributes):
    """The only such element; more or fewer fail the test."""
    (element,) = find_all(response, name, **attributes)
    return element


def read_text(element):
    """All text within, with single spaces."""
    parts = [child if isinstance(child, str) else read_text(child) for child in element.children]
    return " ".join(" ".join(parts).split())


def read_attributes(element):
    """The element's attributes as a dict; one without a value is there with None."""
    return dict(element.attributes)


def read_texts(response, name, /, **attributes):
    """The texts of all such elements."""
    return [read_text(element) for element in find_all(response, name, **attributes)]


def read_rows(response):
    """The cells' texts of every row of the page's table, header left out."""
    return [
        [read_text(cell) for cell in row.children if cell.name == "td"]
        for row in find_all(response, "tr")
        if any(cell.name == "td" for cell in row.children)
    ]


def _walk(element):
    yield element
    for child in element.children:
        if isinstance(child, Element):
            yield from _walk(child)


def _fits(element, name, wanted):
    found = dict(element.attributes)
    classes = (found.get("class") or "").split()
    return element.name == name and all(
        value in classes if key == "class" else key in found and found[key] == value
        for key, value in wanted.items()
    )
