"""The bytes of a learner's text file, out of what it was packed in, or what it is instead."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from course_utils.data.refusal import AGAIN, WHICH, first_line, refuse

_PACKED: dict[bytes, tuple[str, Callable[[bytes], bytes]]] = {
    b"\x1f\x8b": ("gzip", gzip.decompress),
    b"BZh": ("bzip2", bz2.decompress),
    b"\xfd7zXZ\0": ("xz", lzma.decompress),
}
_ZIP = b"PK\x03\x04"
_DEEPEST = 3  # a zip of a .gz, or a file packed twice, and no more
_TABLES = (".csv", ".tsv", ".txt", ".gz", ".bz2", ".xz")
_SHOWN = 3  # names that a refusal lists
_UNPACK = "Unpack it and give the listings.csv in it."
_NO_SPREADSHEET = (
    "Give the listings.csv.gz as it was downloaded, because spreadsheets shorten long ids. "
    "If there is only the workbook, save its sheet as CSV in UTF-8."
)
_OTHERS = {  # what a file is by its first bytes, and what helps
    b"version https://git-lfs": (
        "it is a Git LFS pointer, which only says where the file is",
        "Run git lfs pull in the repository that it comes from, or download the file itself.",
    ),
    b"\xd0\xcf\x11\xe0": ("it is an Excel workbook", _NO_SPREADSHEET),
    b"7z\xbc\xaf\x27\x1c": ("it is a 7z archive", _UNPACK),
    b"Rar!": ("it is a rar archive", _UNPACK),
    b"\x28\xb5\x2f\xfd": ("it is packed with zstd", _UNPACK),
    b"PAR1": ("it is a packed Parquet file", "Unpack it."),
    b"<": (
        "it is a web page (HTML or XML), probably an error message saved under this name",
        "Open the address in a browser to see what it says, then download the file again.",
    ),
    b"{": ("it is JSON", WHICH),
    b"[": ("it is JSON", WHICH),
}


def unpacked(path: Path) -> bytes:
    """The content of a text file: as it is, or out of gzip, bzip2, xz or a zip with one table.

    Raises:
        CourseError: it is damaged, empty, or known to be something else.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        refuse(path, f"it can't be read ({error.strerror})", "Check its rights.")
    for _ in range(_DEEPEST):
        if content.startswith(_ZIP):
            content = _only_table(path, content)
            continue
        packed = [how for start, how in _PACKED.items() if content.startswith(start)]
        if not packed:
            break
        name, unpack = packed[0]
        try:
            content = unpack(content)
        except (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError) as error:
            refuse(path, f"the {name} file is damaged or cut off ({first_line(error)})", AGAIN)
    if not content.strip():
        refuse(path, "it is empty", AGAIN)
    if content[257:262] == b"ustar":
        refuse(path, "it is a tar archive", _UNPACK)
    text = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, (what, mend) in _OTHERS.items():
        if text.startswith(start):
            refuse(path, what, mend)
    return content


def _only_table(path: Path, content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [item.filename for item in archive.infolist() if not item.is_dir()]
            if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
                refuse(path, "it is an Excel workbook", _NO_SPREADSHEET)
            if "mimetype" in names and "content.xml" in names:
                refuse(path, "it is a workbook of LibreOffice", _NO_SPREADSHEET)
            tables = [name for name in names if _is_table(name)]
            if len(tables) != 1:
                shown = ", ".join((tables or names)[:_SHOWN])
                more = ", …" if len(tables or names) > _SHOWN else ""
                refuse(
                    path,
                    f"it is a zip with {len(tables)} CSV files instead of one ({shown}{more})",
                    f"Unpack it and give one file. {WHICH}",
                )
            if archive.getinfo(tables[0]).flag_bits & 1:
                refuse(path, "it is a zip with a password", _UNPACK)
            return archive.read(tables[0])
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, OSError) as error:
        refuse(path, f"the zip file is damaged or cut off ({first_line(error)})", AGAIN)


def _is_table(name: str) -> bool:
    parts = name.split("/")
    hidden = parts[0] == "__MACOSX" or parts[-1].startswith(".")
    return name.lower().endswith(_TABLES) and not hidden
