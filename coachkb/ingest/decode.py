"""Bytes to text. Knows the encodings that saved web pages come in, and what is no text at all."""

from __future__ import annotations

import codecs
import re

from coachkb.errors import UnreadableFile

#: An article is some kilobytes; past this it is a dump or a mistake, and reading it helps nobody.
MAX_BYTES = 4_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_TEXT = (
    (b"%PDF", "is a PDF: save its text (for example with pdftotext) as .txt and ingest that"),
    (b"PK\x03\x04", "is an office document or archive: save it as plain text and ingest that"),
    (b"\xd0\xcf\x11\xe0", "is an office document: save it as plain text and ingest that"),
    (b"{\\rtf", "is rich text (RTF): save it as plain text and ingest that"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_-]{2,30})""", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    """A single foreign byte in UTF-8 text is nearly always Windows-1252 pasted in."""
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start : error.start + 1]
    return _windows(byte), error.start + 1


def _windows(data: bytes) -> str:
    """Windows-1252, with its five holes read as browsers read them (as Latin-1)."""
    return "".join(
        chunk.decode("cp1252")
        if chunk not in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
        else chunk.decode("latin-1")
        for chunk in re.split(rb"([\x81\x8d\x8f\x90\x9d])", data)
    )


codecs.register_error("coachkb.stray_byte", _stray_byte)


def decode(data: bytes, path: str, html: bool = False, limit: int = MAX_BYTES) -> str:
    """The text of an article's bytes: no BOM, line ends LF, otherwise as it was.

    UTF-8, UTF-16 and UTF-32 by their BOM; else UTF-8; else UTF-16 when every other byte is NUL; else a page's
    declared charset; else Windows-1252. Raises UnreadableFile when it is empty, no text, or
    larger than ``limit`` bytes.
    """
    if len(data) > limit:
        raise UnreadableFile(path, f"is {len(data) / 1e6:.1f} MB; it may have {limit / 1e6:.0f} MB: split it")
    for magic, reason in _NOT_TEXT:
        if data.startswith(magic):
            raise UnreadableFile(path, reason)
    text = _decode(data, path, html).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadableFile(path, "is empty")
    if len(_CONTROL.findall(text)) > 2 + len(text) // 500:
        raise UnreadableFile(path, "is not text (a binary file)")
    if "\x00" in text:
        raise UnreadableFile(path, "holds NUL characters: it is damaged or no text")
    return text


def _decode(data: bytes, path: str, html: bool) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding)
            except UnicodeDecodeError as error:
                if encoding != "utf-8":
                    raise UnreadableFile(path, f"says it is {encoding.upper()} but is not: save it as UTF-8") from error
                data = data[len(bom) :]
    head = data[:4000]
    if len(head) > 3 and head.count(0) > len(head) // 4:  # Latin text in UTF-16 is half NUL
        big = head[::2].count(0) > head[1::2].count(0)
        try:
            return data.decode("utf-16-be" if big else "utf-16-le")
        except UnicodeDecodeError as error:
            raise UnreadableFile(path, "is not text (a binary file)") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(head) if html else None
    if declared:
        try:
            name = codecs.lookup(declared.group(1).decode("ascii")).name
            if name not in ("utf-8", "iso8859-1", "ascii"):  # browsers read Latin-1 as Windows-1252
                return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass
    high = sum(byte >= 0x80 for byte in data)
    if sum(map(len, _MULTIBYTE.findall(data))) > 0.7 * high:
        return data.decode("utf-8", errors="coachkb.stray_byte")
    return _windows(data)
