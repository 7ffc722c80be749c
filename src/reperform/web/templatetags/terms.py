"""`{% term "carve-out" %}`: a word of the field, explained where it stands."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reperform.catalog.glossary import explained, glossary

register = template.Library()


@register.simple_tag
def term(name: str, words: str = "") -> SafeString:
    """Return `words` (by default the name) as a button that opens what the glossary says of it.

    The browser opens it by itself (HTML's popover), so that it works without a script.  A word
    may be explained once on a page: the explanation's id is named after it.

    Raises:
        KeyError: the glossary does not explain it, which is an error of the program.
    """
    found = explained(name, glossary())
    if found is None:
        raise KeyError(name)
    return format_html(
        '<dfn><button type="button" class="term" popovertarget="word-{0}">{1}</button></dfn>'
        '<span popover class="meaning" id="word-{0}"><strong>{2}.</strong> {3}</span>',
        found.anchor,
        words or name,
        ", ".join(found.names),
        found.text,
    )
