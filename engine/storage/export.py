"""A saved network as one file, to take it to other programs or to other people; by the file's ending.

.onnx         what other programs run: see `onnx_export`
.safetensors  its arrays, by the names that they have here, with network.json among the file's texts
.npz          the same for NumPy
.lenet        its whole folder, which this program opens as it is: see `lenet_file`
"""

from pathlib import Path

from engine.errors import SavedNetworkError
from engine.files.whole_file import replacing
from engine.quoting import reason, shown
from engine.storage.imported import ONNX
from engine.storage.lenet_file import SUFFIX as LENET
from engine.storage.lenet_file import pack
from engine.storage.network_facts import NetworkFacts
from engine.storage.saved_network import MANIFEST, SavedNetwork, load_files
from engine.storage.tensor_files import NPZ, SAFETENSORS, to_npz, to_safetensors

ENDINGS = (ONNX, SAFETENSORS, NPZ, LENET)


def export_network(folder: Path, target: Path) -> None:
    """Write the network of a folder, or of whatever `SavedNetwork.load` reads, into one file.

    A file that is there is replaced, whole or not at all.

    Raises
    ------
    SavedNetworkError
        If the network cannot be read, the ending is none of ENDINGS, or of a file that cannot hold what the
        network was taught, or the file cannot be written.
    """
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise SavedNetworkError(
            "{path} has no ending that tells in which format to write. Choose one of: {endings}.",
            path=shown(str(target)),
            endings=", ".join(ENDINGS),
        )
    content = _content(folder, ending)
    try:
        with replacing(target) as part:
            part.write_bytes(content)
    except (OSError, ValueError) as error:  # a ValueError: no file can have such a name
        raise SavedNetworkError(
            "{path} could not be written: {reason}.", path=shown(str(target)), reason=reason(error)
        ) from error


def _content(folder: Path, ending: str) -> bytes:
    if ending == LENET:
        return pack(load_files(folder))
    saved = SavedNetwork.load(folder)
    if saved.memory is not None:  # its arrays alone would answer as if nothing had been taught
        raise SavedNetworkError(
            "{path} answers from what it was taught, which a {ending} file does not hold. Save it as "
            "{lenet}, or export the network that was taught.",
            path=shown(str(folder)),
            ending=ending,
            lenet=LENET,
        )
    if ending == ONNX:
        from engine.storage.onnx_export import to_onnx  # late: it takes half a second

        return to_onnx(saved.network, saved.facts)
    write = to_safetensors if ending == SAFETENSORS else to_npz
    facts = NetworkFacts.of(saved.network, saved.confidence, saved.facts.training, saved.facts.test)
    return write(saved.network.state(), {MANIFEST: facts.to_json().decode()})
