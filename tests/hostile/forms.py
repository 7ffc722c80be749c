"""The forms of a page as a browser sees them, and the elements that it consists of."""

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

_TEXT = {"text", "search", "email", "url", "tel", "password", "textarea"}


@dataclass
class Input:
    """One field of a form."""

    name: str
    kind: str
    value: str = ""
    longest: int = 0
    is_checked: bool = False
    is_read_only: bool = False
    options: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.kind in _TEXT and not self.is_read_only


@dataclass
class Form:
    """A form that is posted."""

    action: str
    fields: list[Input] = field(default_factory=list)

    def filled(self) -> dict[str, list[str]]:
        """Return what a browser would send if nobody touched it."""
        sent: dict[str, list[str]] = defaultdict(list)
        for each in self.fields:
            if not each.name or each.kind in ("submit", "button", "file"):
                continue
            if each.kind not in ("checkbox", "radio") or each.is_checked:
                sent[each.name].append(each.value)
        return dict(sent)

    @property
    def texts(self) -> list[Input]:
        return [each for each in self.fields if each.is_text and each.name]


class Seen(HTMLParser):
    """What a page consists of."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._select: Input | None = None
        self._area: Input | None = None
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.elements.append((tag, said))
        if tag == "form":
            self._form = Form(said.get("action", ""))
            if said.get("method", "get").lower() == "post":
                self.forms.append(self._form)
        elif tag in ("input", "textarea", "select", "button"):
            self._field(tag, said)
        elif tag == "option" and self._select is not None:
            value = said.get("value", "")
            self._select.options.append(value)
            if "selected" in said or len(self._select.options) == 1:
                self._select.value = value

    def _field(self, tag: str, said: dict[str, str]) -> None:
        kind = said.get("type", "text") if tag == "input" else tag
        found = Input(
            name=said.get("name", ""),
            kind=kind,
            value=said.get("value", "on" if kind == "checkbox" else ""),
            longest=int(said.get("maxlength", 0) or 0),
            is_checked="checked" in said,
            is_read_only="readonly" in said,
        )
        self._area = found if tag == "textarea" else self._area
        self._select = found if tag == "select" else self._select
        if self._form is not None:
            self._form.fields.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            # HTML drops one line break behind the opening tag.
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        self.words.append(data)

    @property
    def vocabulary(self) -> dict[str, set[str]]:
        """The elements of the page, each with the attributes that it has."""
        found: dict[str, set[str]] = defaultdict(set)
        for tag, said in self.elements:
            found[tag] |= set(said)
        return found
