"""JSON of any size, piece by piece: the same values as read at once, each with its place."""

import gzip
import random
from collections.abc import Iterator

import pytest

from reperform.connectors.answer import NotReadError
from reperform.connectors.arrays import objects
from reperform.connectors.streamed import Content, lines, value_of
from reperform.connectors.unpacked import Bounds, checked, unpacked

ODD = [
    '{"a": "},{", "b": [{"c": 1}, {"c": 2}], "d": "\\u00e9\\ud83d\\ude00"}',
    '{"a": "]}, {\\"x\\": [", "é\U0001f600": null}',
    '{"n": NaN, "half": "\\ud800", "large": 12345678901234567890123, "twice": 1, "twice": 2}',
    '{"in": {"in": {"list": [[], [{}], [[{"x": {}}]]]}}}',
    "{}",
]


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def array_of(texts: list[str], seed: int) -> bytes:
    """Return an array with white space as tools write it, or nobody would."""
    chance = random.Random(seed)  # noqa: S311 - the case
    between = [", ", ",", ",\n  ", "\n,\t", " ,"]
    joined = texts[0] + "".join(chance.choice(between) + text for text in texts[1:])
    return f"[{joined}\r\n]".encode()


@pytest.mark.parametrize("size", [1_000, 65_536, 5 << 20])
@pytest.mark.parametrize("tail", ["", ', "more": [{"a": 1}, {"b": [2]}]}'])
def test_an_array_in_pieces_gives_each_object_and_where_it_begins(size: int, tail: str) -> None:
    """Larger than what is held, with brackets inside its texts, and something behind it."""
    chance = random.Random(size)  # noqa: S311 - the case
    texts = [chance.choice(ODD) + " " * chance.randrange(3) for _ in range(40_000)]
    body = array_of(texts, size)
    content = Content(pieces(body[1:] + tail.encode(), size))

    found = [(at, bytes(raw)) for at, raw in objects(content)]

    assert [raw.decode() for _, raw in found] == [text.strip() for text in texts]
    assert all(body[1 + at :].startswith(raw) for at, raw in found[::997])
    assert content.rest() == tail.encode()


DAMAGED = {
    "a comma too many": (b'{"a": 1},]', "a comma before the end of the array at byte 9"),
    "no comma": (b'{"a": 1} {"a": 2}]', "Expecting ',' delimiter at byte 9"),
    "no end": (b'{"a": 1}, {"a": 2}', "Expecting ',' delimiter at byte 18"),
    "cut in a text": (b'{"a": 1}, {"a": "x', "Unterminated string starting at at byte 16"),
    "a control character": (b'{"a": "\x01"}]', "Invalid control character at at byte 7"),
    "no text": (b'{"a": "\xff"}]', "is not text: invalid start byte at byte 7"),
    "nothing": (b"", "the array has no end at byte 0"),
}


@pytest.mark.parametrize("case", DAMAGED)
@pytest.mark.parametrize("before", [0, 30_000])
def test_damage_is_named_with_its_place(case: str, before: int) -> None:
    """Also behind a million bytes that are whole."""
    damaged, why = DAMAGED[case]
    sound = (b'{"sound": "' + b"x" * 90 + b'"}, ') * before
    what, _, place = why.rpartition(" byte ")

    with pytest.raises(NotReadError) as caught:
        list(objects(Content(pieces(sound + damaged, 100_000))))

    assert f"{what} byte {len(sound) + int(place):,}" in str(caught.value)


def test_lines_have_their_number_and_place() -> None:
    """Blank ones are counted, and not yielded."""
    many = b"".join(b'{"n": %d}\n' % number for number in range(200_000))
    content = Content(pieces(b"\n \n" + many + b'{"n": 200000}', 70_000))

    found = list(lines(content))

    assert found[0] == (3, 3, b'{"n": 0}')
    assert found[-1] == (200_003, 3 + len(many), b'{"n": 200000}')
    assert all(value_of(raw)["n"] == number - 3 for number, _, raw in found[::1_999])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_other_encodings_of_json_are_read(encoding: str) -> None:
    """RFC 4627 allowed them, and tools on Windows write them."""
    content = Content(pieces('{"a": "é"}\n{"a": "\U0001f600"}'.encode(encoding), 5))

    assert [value_of(raw)["a"] for _, _, raw in lines(content)] == ["é", "\U0001f600"]


def test_a_file_is_kept_as_it_came_while_it_is_read() -> None:
    """Byte for byte, packed as it was, and only when reading came to its end."""
    packed = gzip.compress(b'{"a": 1}\n' * 300_000) + gzip.compress(b'{"a": 2}')

    def reads(content: Iterator[bytes]) -> Iterator[object]:
        for _, _, raw in lines(Content(content)):
            yield value_of(raw)

    bounds = Bounds(most=1 << 30, times=2_000)
    assert b"".join(checked(pieces(packed, 1_000), reads, bounds)) == packed
    with pytest.raises(NotReadError, match="is cut off"):
        list(checked(pieces(packed[:-9], 1_000), reads, bounds))


@pytest.mark.parametrize("size", [1, 3, 1 << 20])
def test_gzip_of_several_members_is_unpacked_whole_in_pieces_of_any_size(size: int) -> None:
    """With zeros behind them, as tapes have."""
    parts = [b"a" * 3_000_000 if size > 3 else b"a" * 3_000, b"", b"\0\0b"]
    packed = b"".join(map(gzip.compress, parts)) + b"\0" * 700

    assert b"".join(unpacked(pieces(packed, size))) == b"".join(parts)
