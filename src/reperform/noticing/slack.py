"""A message as Slack's incoming webhooks take it.

Pure.  Every text is escaped: what is noticed quotes sources, and a source must not mention people
or draw links in a channel.  Source: https://docs.slack.dev/messaging/formatting-message-text/ and
https://docs.slack.dev/reference/block-kit/blocks/.
"""

from collections.abc import Iterator
from typing import Any

from reperform.noticing.webhook import Message, Told

MOST_BLOCKS = 40
"""Slack takes fifty of a message."""
_LONGEST = 2_000
_LONGEST_HEADER = 150


def slack_payload(message: Message) -> dict[str, Any]:
    """Return a message as blocks, with a text for where blocks are not shown."""
    name = " ".join(message.organization.split())
    if message.is_trial:
        heading = f"A trial message of {name}: it arrives"
    else:
        parts = [(len(message.began), "noticed"), (len(message.over), "over")]
        said = ", ".join(f"{count} {what}" for count, what in parts if count)
        heading = f"{name}: {said}"
    blocks = [_plain(heading), *_sections(message)]
    more = len(blocks) - MOST_BLOCKS
    if more > 0:
        blocks = [*blocks[:MOST_BLOCKS], _section(f"and {more} more")]
    if message.url:
        blocks.append(_section(f"All notices: {escaped(message.url)}"))
    return {"text": escaped(heading)[:_LONGEST], "blocks": blocks}


def escaped(text: str) -> str:
    """Return text in which nothing is a mention, a link or a channel.

    >>> escaped("<!channel> & <@U1>")
    '&lt;!channel&gt; &amp; &lt;@U1&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _sections(message: Message) -> Iterator[dict[str, Any]]:
    for each in message.began:
        yield _section(_line(":warning:", each), f"To do: {_one_line(each.todo)}")
    for each in message.over:
        yield _section(_line(":white_check_mark: over:", each))


def _line(mark: str, each: Told) -> str:
    said = _one_line(f"{each.subject} {each.title}: {each.text}")
    return f"{mark} {said} ({each.kind} since {each.since:%Y-%m-%d %H:%M} UTC)"


def _one_line(text: str) -> str:
    """Return text in one line, cut before it is escaped: half an escape would be another text."""
    cut = " ".join(text.split())[: _LONGEST // 5]
    return escaped(cut)


def _section(*lines: str) -> dict[str, Any]:
    # `verbatim` keeps Slack from drawing links and mentions that nobody wrote.
    text = {"type": "mrkdwn", "text": "\n".join(lines), "verbatim": True}
    return {"type": "section", "text": text}


def _plain(text: str) -> dict[str, Any]:
    cut = text[:_LONGEST_HEADER]
    return {"type": "header", "text": {"type": "plain_text", "text": cut, "emoji": False}}
