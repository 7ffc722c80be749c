"""YAML -> tree.  Works on the parser's events: nothing is constructed, resolved or expanded."""

import yaml

from reperform.base.visible import visible
from reperform.catalog.imports.tree import Listing, Mapping, Tree, TreeBuilder
from reperform.catalog.imports.unreadable import UnreadableError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is there: it reads 16 MB in a fifth of a second and bounds its own depth."""

_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_NULLS = {"", "~", "null", "Null", "NULL"}


def parse_yaml(text: str, *, where: str) -> tuple[Tree, TreeBuilder]:
    """Return the tree of one YAML document, and its builder with the problems met.

    Raises:
        UnreadableError: it is not YAML, holds no or several documents, uses an alias or a tag,
            or is too deep or too large.
    """
    builder = TreeBuilder(where)
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise _refused(where, event, "holds a second document", "keep one in a file")
            _take(event, builder, where)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}: line {mark.line + 1}" if mark else where
        reason = getattr(error, "problem", None) or " ".join(str(error).split())
        todo = "correct the YAML there"
        raise UnreadableError(
            place, f"is not YAML: {visible(str(reason), limit=200)}", todo=todo
        ) from error
    if builder.root is None:
        raise UnreadableError(where, "is empty", todo="name the file that holds the catalog")
    return builder.root, builder


def _take(event: yaml.Event, builder: TreeBuilder, where: str) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise _refused(where, event, "uses an alias (*name)", "write the value out")
    if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in _PLAIN_TAGS:
        raise _refused(where, event, "uses a tag (!name)", "write plain text")
    line = event.start_mark.line + 1 if event.start_mark else 1
    if isinstance(event, yaml.ScalarEvent):
        is_null = event.style is None and event.value in _NULLS
        builder.scalar(line, None if is_null and not builder.expects_key else event.value)
    elif isinstance(event, yaml.SequenceStartEvent):
        builder.begin(Listing(line))
    elif isinstance(event, yaml.MappingStartEvent):
        builder.begin(Mapping(line))
    elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
        builder.end()


def _refused(where: str, event: yaml.Event, what: str, todo: str) -> UnreadableError:
    line = event.start_mark.line + 1 if event.start_mark else 1
    return UnreadableError(f"{where}: line {line}", what, todo=todo)
