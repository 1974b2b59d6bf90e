"""Files of networks that other programs wrote, or this one for others: .onnx, .safetensors and .npz.

An ONNX model tells what its layers are (`onnx_import`); files of arrays do not, unless they are of this
program's own, which has put its facts beside them, so they are found by `state_dict`.
"""

from pathlib import Path

from engine.errors import EngineError, Remedy, SavedNetworkError
from engine.files.array_files import read_file
from engine.ink.preprocessing import FRAME
from engine.nn.network import Network
from engine.quoting import reason, shown
from engine.reading.scaling_fit import likely_scaling
from engine.storage.network_facts import NetworkFacts
from engine.storage.state_dict import network_of_arrays
from engine.storage.tensor_files import NPZ, SAFETENSORS, Arrays, read_arrays

ONNX = ".onnx"
FACTS = "network.json"  # the text beside the arrays that this program wrote


def is_network_file(path: Path) -> bool:
    """By its name alone; reading it may still refuse it."""
    return path.suffix.lower() in (ONNX, SAFETENSORS, NPZ) and not path.is_dir()


def read_network_file(path: Path) -> tuple[Network, NetworkFacts]:
    """The network of such a file, and all that is known of it; SavedNetworkError says why there is none."""
    content = read_file(path, remedy=Remedy.COPY)
    if path.suffix.lower() == ONNX:
        from engine.storage.onnx_import import read_onnx  # late: it takes half a second

        network, confidence, scales = read_onnx(path, content)
        if not scales and network.input_shape == (1, FRAME, FRAME):
            network.scaling = likely_scaling(network).scaling
        return network, NetworkFacts.of(network, confidence)
    arrays, texts = read_arrays(path, content)
    if FACTS in texts:
        return _ours(path, arrays, texts[FACTS])
    network = network_of_arrays(path, arrays)
    return network, NetworkFacts.of(network)


def _ours(path: Path, arrays: Arrays, told: str) -> tuple[Network, NetworkFacts]:
    try:
        facts = NetworkFacts.from_json(told.encode())
        network = facts.built()
        network.load_state(dict(arrays))
    except EngineError as error:
        raise SavedNetworkError(
            "{path} is no network of this program: {reason}.", path=shown(str(path)), reason=reason(error)
        ) from error
    return network, facts
