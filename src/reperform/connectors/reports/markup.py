"""Elements of XML by their names, whichever namespace they are in."""

from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> list[Element]:
    """Return the elements of a name, of any namespace, that lie directly in another."""
    return [each for each in element if local(each) == name]


def text(element: Element, name: str) -> str:
    """Return the text of the first element of a name that lies directly in another."""
    found = children(element, name)
    return text_in(found[0]) if found else ""


def text_in(element: Element) -> str:
    """Return all text in an element, on one line."""
    return " ".join("".join(element.itertext()).split())
