"""Small images made by hand: how their files begin and end, and what they say of themselves; none is ever decoded."""

import struct
import zlib

AI_URL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def an_xmp(url: str = AI_URL, tool: str = "Firefly 3") -> bytes:
    """An XMP packet with IPTC's digital source type."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description '
        f'xmp:CreatorTool="{tool}"><Iptc4xmpExt:DigitalSourceType>{url}</Iptc4xmpExt:DigitalSourceType>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def a_manifest(url: str = AI_URL, tool: str = "ChatGPT") -> bytes:
    """The part of a C2PA manifest that we read, as CBOR has it."""
    return (
        b"\x00\x00\x10\x00jumb...c2pa.actions\xa1gactions\x81\xa2factionlc2pa.createdqdigitalSourceTypex"
        + bytes([len(url)])
        + url.encode()
        + b"...c2pa.claim\xa2tclaim_generator_info\x81\xa1dname"
        + bytes([0x60 + len(tool)])
        + tool.encode()
    )


def a_png(word: str = "", *chunks: tuple[bytes, bytes], width: int = 1, height: int = 1) -> bytes:
    """A PNG that says nothing of itself; `word` makes it another picture than others."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    all_chunks = [(b"IHDR", header), *chunks, (b"IDAT", b"pixels" + word.encode()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(a_chunk(name, content) for name, content in all_chunks)


def a_png_with_xmp(packet: bytes, *, packed: bool = False) -> bytes:
    """With its packet in an international text chunk, packed or as it is."""
    head = b"XML:com.adobe.xmp\0" + bytes([packed, 0]) + b"\0\0"
    return a_png("", (b"iTXt", head + (zlib.compress(packet) if packed else packet)))


def a_jpeg(*segments: tuple[int, bytes]) -> bytes:
    """A JPEG with these segments before its picture."""
    return b"\xff\xd8" + b"".join(a_segment(*one) for one in segments) + b"\xff\xda\x00\x02pixels\xff\xd9"


def a_jpeg_with_xmp(packet: bytes) -> bytes:
    """With its packet in APP1."""
    return a_jpeg((0xE0, b"JFIF\0"), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet))


def a_jpeg_with_manifest(manifest: bytes, *, split_at: int) -> bytes:
    """With its manifest in APP11, in two pieces; the second repeats the head of the box."""
    first, second = manifest[:split_at], manifest[split_at:]
    pieces = [(1, first), (2, manifest[:8] + second)]
    return a_jpeg(*((0xEB, b"JP" + struct.pack(">HI", 7, number) + piece) for number, piece in pieces))


def a_webp(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP with these chunks."""
    return a_riff((b"VP8X", bytes(10)), *chunks, (b"VP8 ", b"pixels"))


def a_gif() -> bytes:
    """A GIF."""
    return b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def a_chunk(name: bytes, content: bytes) -> bytes:
    """One of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def a_segment(marker: int, content: bytes) -> bytes:
    """One of a JPEG."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def a_riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP of these chunks."""
    body = b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
