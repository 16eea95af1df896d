"""A page as a test reads it: parsed strictly, so that what a browser would repair is a fault here."""

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"meta", "link", "br", "input", "img", "hr"})


@dataclass(slots=True)
class Element:
    """An element: its tag, its attributes, and all the text below it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Document(HTMLParser):
    """A parsed page. Raises AssertionError on a tag that is left open, closed twice or crossed."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()
        assert self._open == [], f"left open: {[one.tag for one in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute stands twice in {tag}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"nothing is open that {tag} could close"
        closed = self._open.pop()
        assert closed.tag == tag, f"{closed.tag} is closed by {tag}"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        """Return the elements with one of `tags`, in the order of the page."""
        return [element for element in self.elements if element.tag in tags]

    def one(self, tag: str) -> Element:
        """Return the only element with this tag."""
        (found,) = self.all(tag)
        return found

    @cached_property
    def ids(self) -> list[str]:
        """Return every id, in the order of the page."""
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    @cached_property
    def addresses(self) -> list[str]:
        """Return every address that a browser could follow, load or send to."""
        names = ("href", "src", "action", "formaction", "poster", "srcset", "cite", "data")
        return [each.attributes[name] for each in self.elements for name in names if name in each.attributes]
