"""A saved network as one file, to take it to other programs or to other people; by the file's ending.

.onnx         what other programs run: see `onnx_export`
.safetensors  its arrays, by the names that they have here, with network.json among the file's texts
.npz          the same for NumPy
.lenet        its whole folder, which this program opens as it is: see `lenet_file`

The first and the last also hold several networks as a committee.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import Remedy, SavedNetworkError
from engine.files.plain_zip import pack_files
from engine.files.whole_file import replacing
from engine.quoting import reason, shown
from engine.storage.committee_files import committee_files
from engine.storage.imported import ONNX
from engine.storage.lenet_file import SUFFIX as LENET
from engine.storage.lessons import Lessons, taught_files
from engine.storage.network_facts import NetworkFacts
from engine.storage.saved_network import MANIFEST, SavedNetwork, load_files, network_files
from engine.storage.tensor_files import NPZ, SAFETENSORS, to_npz, to_safetensors

ARRAYS = (SAFETENSORS, NPZ)  # which hold no memory
ENDINGS = (ONNX, *ARRAYS, LENET)


def export_network(
    folders: Sequence[Path], target: Path, *, with_memory: bool = True, lessons: Lessons | None = None
) -> None:
    """Write the network of a folder, or of whatever `SavedNetwork.load` reads, into one file.

    A file that is there is replaced, whole or not at all.

    Parameters
    ----------
    folders : sequence of paths
        Several go into one file as a committee.
    with_memory : bool
        Whether what a network was taught goes along, which files of arrays cannot hold.
    lessons : Lessons, optional
        What goes along in its place, with a single folder.

    Raises
    ------
    SavedNetworkError
        If a network cannot be read, the ending is none of ENDINGS, or of a file that cannot hold what is
        asked for, or the file cannot be written.
    ConfigurationError
        If several networks do not go together.
    """
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise SavedNetworkError(
            "{path} has no ending that tells in which format to write. Choose one of: {endings}.",
            path=shown(str(target)),
            endings=", ".join(ENDINGS),
        )
    content = _content(folders, ending, with_memory=with_memory, lessons=lessons)
    try:
        with replacing(target) as part:
            part.write_bytes(content)
    except (OSError, ValueError) as error:  # a ValueError: no file can have such a name
        raise SavedNetworkError(
            "{path} could not be written: {reason}.", path=shown(str(target)), reason=reason(error)
        ) from error


def _onnx(saved: SavedNetwork) -> bytes:
    from engine.storage.onnx_export import to_onnx  # late: it takes half a second

    facts = replace(saved.facts, confidence=saved.confidence)
    if saved.members:
        architectures = " + ".join(member.facts.architecture for member in saved.members)
        facts = replace(facts, architecture=architectures)
    return to_onnx(saved.classifier, facts)


def files_of(folders: Sequence[Path], *, with_memory: bool = True) -> dict[str, bytes]:
    """All that is to lie in a new folder: of one network, or of a committee of several.

    The errors are those of `export_network`.
    """
    all_files = [_files(folder, with_memory=with_memory) for folder in folders]
    if len(folders) == 1:
        return all_files[0]
    return committee_files([
        (folder.resolve().stem, files) for folder, files in zip(folders, all_files, strict=True)
    ])  # fmt: skip


def _files(folder: Path, *, with_memory: bool) -> dict[str, bytes]:
    if with_memory:
        return load_files(folder)
    saved = SavedNetwork.load(folder)
    bare = saved.without_memory
    if bare.members:
        return committee_files(list(zip(saved.facts.members, map(_own_files, bare.members), strict=True)))
    return _own_files(bare)


def _own_files(saved: SavedNetwork) -> dict[str, bytes]:
    """Without a memory."""
    return network_files(saved.network, saved.confidence, saved.facts.training, saved.facts.test)


def _content(folders: Sequence[Path], ending: str, *, with_memory: bool, lessons: Lessons | None) -> bytes:
    if ending == LENET:
        if lessons is not None and with_memory:
            return pack_files(taught_files(folders[0], lessons))
        return pack_files(files_of(folders, with_memory=with_memory))
    if lessons is not None and with_memory:
        saved = SavedNetwork.of_files(taught_files(folders[0], lessons), folders[0])
    else:
        saved = SavedNetwork.load_all(folders)
    if not with_memory:
        saved = saved.without_memory
    if ending == ONNX:
        return _onnx(saved)
    if saved.members:
        raise SavedNetworkError(
            "Several networks that answer together go into one {onnx} or {lenet} file, not into a {ending} "
            "file. Choose one of these, or save each by itself.",
            onnx=ONNX,
            lenet=LENET,
            ending=ending,
        )
    if saved.memory is not None:  # its arrays alone would answer as if nothing had been taught
        raise SavedNetworkError(
            "{path} answers from what it was taught, which a {ending} file does not hold.",
            remedy=Remedy.WITHOUT_MEMORY,
            path=shown(str(folders[0])),
            ending=ending,
        )
    write = to_safetensors if ending == SAFETENSORS else to_npz
    facts = NetworkFacts.of(saved.network, saved.confidence, saved.facts.training, saved.facts.test)
    return write(saved.network.state(), {MANIFEST: facts.to_json().decode()})
