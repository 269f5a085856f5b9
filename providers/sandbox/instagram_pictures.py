"""The pictures of the played Instagram: small PNGs, made by hand, coloured by the picture's id."""

import hashlib
import struct
import zlib

SIDE = 320
SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB = 2


def draw_picture(picture_id: str) -> bytes:
    """A square PNG that runs from one colour to another; the same id gives the same bytes."""
    digest = hashlib.sha256(picture_id.encode()).digest()
    top, bottom = digest[:3], digest[3:6]
    rows = bytearray()
    for row in range(SIDE):
        colour = bytes(
            (first * (SIDE - row) + last * row) // SIDE for first, last in zip(top, bottom, strict=True)
        )
        rows += b"\x00" + colour * SIDE  # 0: no filter
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, RGB, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return SIGNATURE + b"".join(_frame(name, content) for name, content in chunks)


def _frame(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
