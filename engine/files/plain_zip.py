"""Some files as one zip, which is read in place and never unpacked anywhere.

A file that somebody sends may be anything. So nothing of it is believed: what a name leads out of, what is
there twice, what was packed in another way or grows beyond its bounds is refused, before it is used.
"""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from engine.files.bounded_files import read_at_most
from engine.files.folder_transaction import is_plain_name
from engine.quoting import quoted

MOST_BYTES = 2**26  # of all files together
MOST_MEMBERS = 1000
ENCRYPTED = 0x1  # of a member's flags
EPOCH = (1980, 1, 1, 0, 0, 0)  # equal files make equal bytes


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, by plain names."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, each in files.items():
            member = ZipInfo(name, EPOCH)
            member.external_attr = 0o644 << 16
            archive.writestr(member, each, ZIP_DEFLATED)
    return content.getvalue()


def unpack_files(content: bytes) -> dict[str, bytes]:
    """All files of a zip by their names.

    Raises
    ------
    Exception
        ValueError for what is refused, and whatever zipfile raises on damage: zlib.error, EOFError …
    """
    files: dict[str, bytes] = {}
    known = set()  # without regard to case, as some disks are
    left = MOST_BYTES  # of all files together, whatever each promises
    with ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise ValueError(f"it has {len(members):,} files, of which at most {MOST_MEMBERS:,} are read")
        for member in members:
            name = member.filename
            if not is_plain_name(name) or name != member.orig_filename or not name.isprintable():
                raise ValueError(f"{quoted(name)} is no name of a file in a folder")
            if name.casefold() in known:
                raise ValueError(f"it has {quoted(name)} twice")
            known.add(name.casefold())
            if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or member.flag_bits & ENCRYPTED:
                raise ValueError(f"{quoted(name)} was packed by another program")
            with archive.open(member) as file:
                files[name] = read_at_most(file, left + 1)
            left -= len(files[name])
            if left < 0:
                raise ValueError(f"it unpacks to more than the {MOST_BYTES:,} bytes that are read")
    return files
