"""Whoosh's codec with leaner postings: a term's documents and positions as three arrays, compressed together.

Whoosh's own blocks pickle each document's positions by themselves; read as arrays they take a third of the space, and a
common word's postings are there in a millisecond. All that leans on parts of Whoosh which it does not promise to keep
stands in this module.
"""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec import whoosh3
from whoosh.formats import Format
from whoosh.matching.mcore import ListMatcher
from whoosh.reading import TermNotFound

Numbers = npt.NDArray[np.int64]

_SMALLEST = 64
"""Bytes below which zlib gains nothing."""
_PLAIN, _PACKED = b"\0", b"\1"


@dataclass(frozen=True, slots=True)
class Postings:
    """A term in one segment: `counts[i]` positions in document `docs[i]`, all in a row in `positions`."""

    docs: Numbers
    counts: Numbers
    positions: Numbers

    def to_bytes(self) -> bytes:
        """Differences, the bytes of like weight together, so that zlib finds runs of zeros."""
        places = self.positions.copy()
        starts = np.cumsum(self.counts) - self.counts
        places[1:] -= self.positions[:-1]
        within = starts[self.counts > 0]
        places[within] = self.positions[within]
        numbers = np.concatenate(([len(self.docs)], np.diff(self.docs, prepend=0), self.counts, places)).astype("<u4")
        raw = numbers.view(np.uint8).reshape(-1, 4).T.tobytes()
        return _PLAIN + raw if len(raw) < _SMALLEST else _PACKED + zlib.compress(raw, 6)

    @classmethod
    def from_bytes(cls, blob: bytes) -> Postings:
        """What `to_bytes` wrote."""
        raw = zlib.decompress(blob[1:]) if blob[:1] == _PACKED else blob[1:]
        planes = np.frombuffer(raw, np.uint8).reshape(4, -1)
        numbers = np.ascontiguousarray(planes.T).view("<u4").ravel().astype(np.int64)
        size = int(numbers[0])
        counts, places = numbers[size + 1 : 2 * size + 1], np.cumsum(numbers[2 * size + 1 :])
        # The differences of each document begin anew.
        held = counts[counts > 0]
        starts = np.cumsum(held) - held
        before = places[starts] - numbers[2 * size + 1 :][starts]
        return cls(np.cumsum(numbers[1 : size + 1]), counts, places - np.repeat(before, held))


class Positions(Format):
    """Whoosh's format for a document's positions of a term: numbers of four bytes."""

    def word_values(self, value: Any, analyzer: Any, **_: Any) -> Iterator[tuple[Any, int, float, bytes]]:
        """Whoosh's `(term, frequency, weight, bytes)` for each term of a document."""
        places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for token in analyzer(value, positions=True, mode="index"):
            places[token.text].append(token.pos)
        for key, found in places.items():
            yield key, len(found), float(len(found)), found.tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """The positions of one document."""
        return array("I", value).tolist()


class ArrayCodec(whoosh3.W3Codec):
    """Whoosh's default codec but for the posting lists."""

    length_stats = False
    """A term's shortest and longest text, which Whoosh looks up posting by posting, would only serve its own blocks."""

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        """A writer of one field's posting lists."""
        return _Writer(dbfile, blocklimit=2**31, byteids=byteids)

    def postings_reader(
        self,
        dbfile: Any,
        terminfo: Any,
        format_: Any,
        term: Any = None,
        scorer: Any = None,
    ) -> Any:
        """A matcher over a posting list, which has the whole of it as `arrays`."""
        return ArrayMatcher(_arrays(dbfile, terminfo), format_, scorer, term, terminfo)


def _arrays(dbfile: Any, terminfo: Any) -> Postings:
    # Only the offset is used: Whoosh gives the length in another shape than it was given.
    offset = terminfo.extent()[0]
    size = int.from_bytes(dbfile.get(offset, 4), "little")
    return Postings.from_bytes(dbfile.get(offset + 4, size))


class _Writer(whoosh3.W3PostingsWriter):
    def _write_block(self, last: bool = False) -> None:  # noqa: ARG002
        info: Any = self._terminfo
        info.add_block(self)
        values: Iterable[bytes] = self._values or [b""] * len(self._ids)
        counts = np.array([len(value) // 4 for value in values], np.int64)
        positions = np.frombuffer(b"".join(values), np.uint32).astype(np.int64)
        blob = Postings(np.array(self._ids, np.int64), counts, positions).to_bytes()
        self._postfile.write(len(blob).to_bytes(4, "little") + blob)
        self._blockcount += 1
        self._new_block()


class ArrayMatcher(ListMatcher):
    """What Whoosh walks through when it merges segments or deletes by term."""

    def __init__(self, arrays: Postings, format_: Any, scorer: Any, term: Any, terminfo: Any) -> None:
        self.arrays = arrays
        weights = np.maximum(arrays.counts, 1).astype(float).tolist()
        super().__init__(  # type: ignore[no-untyped-call]
            arrays.docs.tolist(), weights, _Values(arrays), format_, scorer, term=term, terminfo=terminfo
        )

    def copy(self) -> ArrayMatcher:
        """Another that stands at the same document."""
        other = ArrayMatcher(self.arrays, self._format, self._scorer, self._term, self._terminfo)
        other._i = self._i
        return other


class _Values(Sequence[bytes]):
    """Each document's positions as `Positions` wrote them, made when asked for."""

    def __init__(self, arrays: Postings) -> None:
        self._positions = arrays.positions
        self._ends = np.cumsum(arrays.counts)
        self._counts = arrays.counts

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: Any) -> Any:
        end = self._ends[place]
        return self._positions[end - self._counts[place] : end].astype(np.uint32).tobytes()


def term_postings(segment: Any, field: str, key: str) -> Postings | None:
    """A term's postings in one segment, those of removed documents among them; None where it has none."""
    try:
        info = segment.term_info(field, key)
    except TermNotFound:
        return None
    return _arrays(segment._terms._postfile, info)


def field_postings(segment: Any, field: str, wanted: Container[str]) -> Iterator[tuple[str, Postings]]:
    """A field's wanted terms in one segment with their postings, in the order of the files, which is a third of the
    time that looking them up one by one takes.
    """
    terms = segment._terms
    for key, info in segment.iter_field(field):
        if (text := key.decode()) in wanted:
            yield text, _arrays(terms._postfile, info)


def segments_of(index: Any) -> list[Any]:
    """The segments of an index, to be committed to another's directory."""
    return list(index._segments())
