"""Zip archives and XML from strangers: opened only as far as is safe.

Nothing in an archive's own headers is believed: what counts is what really comes out while reading.
"""

import contextlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from whenever import Date

from usecases.manuscripts.decoding import Found, sniff
from usecases.refusals import Unreadable, UnreadableManuscriptError

MOST_MEMBERS = 2_000
"""Files in one archive: a Word chapter has some twenty, and one for each image."""
LARGEST_UNPACKED = 32 * 1024 * 1024
"""Bytes that the parts we read may unpack to together; a long novel's XML has a tenth of it."""
STEEPEST_RATIO = 200
"""Unpacked bytes for each packed one, where it matters (see `RATIO_FREE`); Word's XML packs 10 to 30 times."""
RATIO_FREE = 4 * 1024 * 1024
"""Bytes of a part that may unpack at any ratio: small repetitive documents are no bombs."""
MOST_ELEMENTS = 500_000
"""Elements of one XML part; a long novel in Word's most wasteful form has about as many."""
MOST_KEPT = 100_000
"""Elements of one part that are not skipped: what the readers after us pay for (1.5 KiB and 27 µs each, measured)."""
DEEPEST_NESTING = 100
"""Levels of one XML part. A text in a table in a box has twenty; the readers after us recurse."""

_CHUNK = 256 * 1024
_NO_DAY = (1980, 1, 1)
_CENTRAL_ENTRY = b"PK\x01\x02"


def unpack(data: bytes, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The members of a zip whose name is `wanted`, by name; all others stay packed.

    Raises:
        UnreadableManuscriptError: `broken` (no zip, damaged, encrypted) or `bomb`.
    """
    found = sniff(data)
    if found is not Found.ARCHIVE:
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=found or Found.UNKNOWN)
    if data.count(_CENTRAL_ENTRY) > MOST_MEMBERS:  # before zipfile makes an object of each
        raise UnreadableManuscriptError(Unreadable.BOMB, measure="members", limit=MOST_MEMBERS)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_members(archive, wanted))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.UNKNOWN) from error


def _members(archive: zipfile.ZipFile, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Each wanted member as it really unpacks, under one budget for all of them."""
    left = LARGEST_UNPACKED
    for info in archive.infolist():
        if not wanted(info.filename):
            continue
        if info.flag_bits & 1:
            raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.ENCRYPTED)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableManuscriptError(Unreadable.BROKEN, part=info.filename)
        if info.file_size > left:
            raise UnreadableManuscriptError(Unreadable.BOMB, measure="bytes", limit=LARGEST_UNPACKED)
        content = _read(archive, info, left)
        left -= len(content)
        yield info.filename, content


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """One member, read in pieces, so that a lying header costs no more than a piece too many."""
    steep = max(RATIO_FREE, STEEPEST_RATIO * info.compress_size)
    content = bytearray()
    with archive.open(info) as member:
        while piece := member.read(_CHUNK):
            content += piece
            if len(content) > limit:
                raise UnreadableManuscriptError(Unreadable.BOMB, measure="bytes", limit=LARGEST_UNPACKED)
            if len(content) > steep:
                raise UnreadableManuscriptError(Unreadable.BOMB, measure="ratio", limit=STEEPEST_RATIO)
    return bytes(content)


def entry_dates(data: bytes) -> dict[str, Date]:
    """The day an archive has for each of its members; one that was not asked for has the first it can say.

    Args:
        data: an archive that could be unpacked.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        days = {info.filename: info.date_time[:3] for info in archive.infolist()}
    found = {}
    for name, day in days.items():
        with contextlib.suppress(ValueError):
            if day != _NO_DAY:
                found[name] = Date(*day)
    return found


def parse_xml(content: bytes, *, skip: frozenset[str] = frozenset()) -> Element:
    """One XML part as a tree, without the elements named in `skip` (in `{namespace}name` form).

    A document type is refused, and with it every entity: no format we read may have one.

    Raises:
        UnreadableManuscriptError: `broken` or `bomb`.
    """
    parser = XMLParser(target=_CautiousBuilder(skip))  # noqa: S314 - no document type, no entities, all counted
    try:
        parser.feed(content)
        root: Element | None = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.UNKNOWN) from error
    if root is None:  # all of it was skipped
        raise UnreadableManuscriptError(Unreadable.BROKEN, found=Found.UNKNOWN)
    return root


class _CautiousBuilder:
    """Builds a tree while counting; what is skipped is counted and never built."""

    def __init__(self, skip: frozenset[str]) -> None:
        self._builder = TreeBuilder()
        self._skip = skip
        self._skipped_from = 0
        self._depth = 0
        self._seen = 0
        self._kept = 0

    def doctype(self, name: str, _public: str | None, _system: str | None) -> None:
        """Refuse: this comes before any entity is declared, let alone used."""
        raise UnreadableManuscriptError(Unreadable.BOMB, measure="entities", part=name, limit=0)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._depth += 1
        self._seen += 1
        if not self._skipped_from and tag in self._skip:
            self._skipped_from = self._depth
        if not self._skipped_from:
            self._kept += 1
            self._builder.start(tag, attributes)
        if self._depth > DEEPEST_NESTING:
            raise UnreadableManuscriptError(Unreadable.BOMB, measure="depth", limit=DEEPEST_NESTING)
        if self._seen > MOST_ELEMENTS or self._kept > MOST_KEPT:
            raise UnreadableManuscriptError(Unreadable.BOMB, measure="elements", limit=MOST_KEPT)

    def data(self, text: str) -> None:
        """Take text in."""
        if not self._skipped_from:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        """Close an element."""
        if not self._skipped_from:
            self._builder.end(tag)
        elif self._skipped_from == self._depth:
            self._skipped_from = 0
        self._depth -= 1

    def close(self) -> Element:
        """The finished tree."""
        return self._builder.close()
