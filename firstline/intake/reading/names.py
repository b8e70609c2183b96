"""The name under which a file of a letter is kept: decoded, without folders, without signs that deceive (A7).

The sender chooses the name, so it is an attack's first word: path parts, line ends, text direction marks and markup
come in it.
"""

import re

from firstline.intake.reading import charsets, headers, parameters
from firstline.intake.reading.mime import Node

LONGEST = 200
_BIDI = dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_BAD_START = re.compile(r"^[.\s~-]+(?=[^.\s])")
_EXTENSIONS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "image/tiff": "tif",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/msword": "doc",
    "message/rfc822": "eml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc",
    "application/pgp-keys": "asc",
    "application/pkcs7-mime": "p7m",
    "application/json": "json",
    "application/x-pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/x-pkcs7-signature": "p7s",
    "application/ms-tnef": "dat",
    "application/xml": "xml",
    "text/xml": "xml",
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "message/delivery-status": "txt",
    "text/rfc822-headers": "txt",
    "message/disposition-notification": "txt",
    "message/feedback-report": "txt",
}


def declared(node: Node, hint: str | None) -> str:
    """The file name a part declares, safe to show and to store; empty where it declares none."""
    disposition = parameters.read(node.head.raw("content-disposition"))[1]
    for source, key in (
        (disposition, "filename"),
        (node.parameters, "name"),
        (disposition, "name"),
        (node.parameters, "filename"),
    ):
        charset, raw = source.get(key, (None, b""))
        raw = raw[: headers.LONGEST_NAME]
        if not raw.strip():
            continue
        if charset is None or b"=?" in raw:
            name = headers.decode_words(raw, hint)
        else:
            name = charsets.decode(raw, charset or None, hint).text
        name = safe(_percent_decoded(name))
        if name:
            return name
    return _of_location(node.head.text("content-location", hint))


def _of_location(written: str) -> str:
    """The file at the end of ``Content-Location: images/plan.png``, where it has an extension."""
    name = safe(_percent_decoded(written[: headers.LONGEST_NAME].partition("?")[0]))
    return name if 0 < len(name.rpartition(".")[2]) <= 5 and "." in name[1:-1] and "@" not in name else ""


def safe(name: str) -> str:
    """A bare file name: no folder, no control or direction sign, one line, at most 200 characters with its
    extension kept.
    """
    name = charsets.clean(name).translate(_BIDI)
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    name = re.split(r"[/\\]", name)[-1].strip().strip("\"'").strip()
    name = _BAD_START.sub("", name).rstrip(". ")
    if len(name) > LONGEST:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[: LONGEST - len(extension) - 1]}.{extension}" if dot and len(extension) <= 12 else name[:LONGEST]
    return name


def made(kind: str, number: int) -> str:
    """A name for a part that has none."""
    main = kind.split("/")[0]
    stem = main if main in ("image", "audio", "video", "text", "message") else "attachment"
    return f"{stem}-{number}.{_EXTENSIONS.get(kind, 'bin')}"


_KINDS = {extension: kind for kind, extension in reversed(_EXTENSIONS.items())}


def kind_of(name: str) -> str:
    """The content type a name suggests, for files that came without one."""
    return _KINDS.get(name.rpartition(".")[2].lower(), "application/octet-stream")


_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def _percent_decoded(name: str) -> str:
    """``%D0%BF.txt`` of webmail that encodes twice; a name that only contains a per cent sign stays."""
    if not _PERCENT.search(name):
        return name
    raw = parameters.percent(name.encode("utf-8"))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return charsets.decode(raw).text if len(_PERCENT.findall(name)) * 3 > len(name) // 2 else name
