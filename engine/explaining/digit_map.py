"""A map of digits: some thousand of them in a plane, those side by side that the network finds alike.

The plane is laid out by t-SNE: van der Maaten and Hinton (2008). Each digit draws its neighbours in the
network's last features to itself and pushes all others away. A drawing then has its place among its nearest.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from engine.errors import SavedNetworkError
from engine.explaining.neighbours import DigitIndex, Floats
from engine.files.array_files import archive_of, arrays_of
from engine.ink.rasterize import Ink
from engine.machine.threads import one_blas_thread
from engine.nn.network import Network
from engine.quoting import reason

MAP_FILE = "digit_map.npz"  # in a network's folder
NEAREST = 10  # digits whose median is a drawing's place; and neighbours that must be true ones
PERPLEXITY = 30.0  # about as many neighbours draw at a digit
REACH = 90  # of them have a pull at all: three times as many
EXAGGERATION, EXAGGERATED = 12.0, 100  # the pull of neighbours at first, and for how many steps
STEPS = 400
MOMENTUM, LATER_MOMENTUM = 0.5, 0.8
BLOCK = 128  # rows of the matrix of all pairs at a time: they stay in the processor's cache
FINEST = 2**16 - 1  # of a side


@dataclass(frozen=True)
class DigitMap:
    """Where the digits of an index lie in a square of side 1."""

    index: DigitIndex
    points: Floats  # (P, 2)
    trustworthiness: float  # of NEAREST neighbours

    @classmethod
    def build(cls, index: DigitIndex) -> "DigitMap":
        """Lay the digits out. There is no chance in it: equal indices give equal bytes on one machine."""
        with one_blas_thread():
            places = index.places.astype(np.float32) * np.float32(index.scale)
            points = laid_out(places)
            return cls(index, _quantized(points), trustworthiness(places, points))

    def place(self, network: Network, image: Ink) -> tuple[float, float]:
        """Where a drawing stands: the median of its nearest digits, on either axis.

        Parameters
        ----------
        image : (28, 28) array
            What the network sees.
        """
        count = min(NEAREST, len(self.points))
        x, y = np.median(self.points[self.index.closest(network, image, count)], axis=0)
        return float(x), float(y)

    def to_bytes(self) -> bytes:
        """The contents of MAP_FILE, which goes with the index that it is of."""
        return archive_of(
            {
                "points": np.rint(self.points * FINEST).astype(np.uint16),
                "trustworthiness": np.float64(self.trustworthiness),
                "index": _fingerprint(self.index),
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes, index: DigitIndex) -> "DigitMap":
        """What `to_bytes` was called on; SavedNetworkError if it is damaged, or of another index."""
        try:
            arrays = arrays_of(content)
            found = {name: (array.shape, array.dtype.type) for name, array in arrays.items()}
            expected = {
                "points": ((len(index.prototypes), 2), np.uint16),
                "trustworthiness": ((), np.float64),
                "index": ((32,), np.uint8),
            }
            if found != expected:
                raise ValueError(f"it holds {found}, not {expected}")
            if not np.array_equal(arrays["index"], _fingerprint(index)):
                raise ValueError("it is of other digits")
            trust = float(arrays["trustworthiness"])
            if not 0 <= trust <= 1:
                raise ValueError(f"its trustworthiness is {trust}")
        except Exception as error:  # whatever zip and array say of damage
            raise SavedNetworkError(
                "{name} is no map of these digits: {reason}.", name=MAP_FILE, reason=reason(error)
            ) from error
        return cls(index, arrays["points"].astype(np.float32) / np.float32(FINEST), trust)


def _fingerprint(index: DigitIndex) -> npt.NDArray[np.uint8]:
    return np.frombuffer(index.sha256, np.uint8)


def _quantized(points: Floats) -> Floats:
    """As they come back from the file."""
    return np.rint(points * FINEST).astype(np.float32) / np.float32(FINEST)


# **** t-SNE ****


def laid_out(places: Floats) -> Floats:
    """(P, A) places of P digits to (P, 2) points in a square of side 1."""
    if len(places) < 4:  # too few to lie near and far
        return np.full((len(places), 2), 0.5, np.float32)
    pull = _pull(places)
    y = _begun(places)
    rate = max(len(y) / EXAGGERATION / 4, 50.0)
    moved, gains = np.zeros_like(y), np.ones_like(y)
    for step in range(STEPS):
        early = step < EXAGGERATED
        gradient = _gradient(y, pull, EXAGGERATION if early else 1.0)
        # Jacobs (1988): a step grows while its direction stays the same
        gains = np.maximum(np.where(gradient * moved > 0, 0.8 * gains, gains + 0.2), 0.01)
        moved = (MOMENTUM if early else LATER_MOMENTUM) * moved - rate * gains * gradient
        y += moved
        y -= y.mean(axis=0)
    low, high = y.min(axis=0), y.max(axis=0)
    middle, side = (low + high) / 2, float((high - low).max()) or 1.0
    points: Floats = (0.5 + (y - middle) / side).clip(0, 1).astype(np.float32)
    return points


def _begun(places: Floats) -> Floats:
    """The first two principal components, small: so the map lies as the features do, not as chance has it."""
    centred = (places - places.mean(axis=0)).astype(np.float64)
    if centred.shape[1] == 1:  # of a network that judges by one number: a line
        centred = np.pad(centred, ((0, 0), (0, 1)))
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])  # or a library chooses the side
    y = centred @ axes
    small: Floats = (1e-4 * y / (y[:, 0].std() or 1.0)).astype(np.float32)
    return small


def _pull(places: Floats) -> csr_matrix:
    """(P, P) how strongly each two draw at each other; all of it sums to 1."""
    P = len(places)
    reach = min(REACH, P - 1)
    distances = _squared_distances(places)
    np.fill_diagonal(distances, np.inf)
    near = np.argpartition(distances, reach - 1, axis=1)[:, :reach]
    shares = _shares(np.take_along_axis(distances, near, axis=1).astype(np.float64))
    rows = np.repeat(np.arange(P), reach)
    one_way = csr_matrix((shares.ravel(), (rows, near.ravel())), shape=(P, P))
    both = csr_matrix(one_way + one_way.T)
    both.sort_indices()
    both.data /= both.data.sum()
    return both.astype(np.float32)


def _shares(squared: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(P, reach) squared distances to the shares of a Gaussian, as wide at each as PERPLEXITY asks for."""
    wanted = np.log(min(PERPLEXITY, squared.shape[1] / 3))
    squared = squared - squared.min(axis=1, keepdims=True)
    low, high = np.full(len(squared), 1e-6), np.full(len(squared), 1e6)  # 1 / (2 sigma²)
    for _ in range(60):  # bisected on a scale of logarithms
        beta = np.sqrt(low * high)
        weights = np.exp(-squared * beta[:, None])
        total = weights.sum(axis=1)
        entropy = np.log(total) + beta * (squared * weights).sum(axis=1) / total
        low, high = np.where(entropy > wanted, beta, low), np.where(entropy > wanted, high, beta)
    shares: npt.NDArray[np.float64] = weights / total[:, None]
    return shares


def _gradient(y: Floats, pull: csr_matrix, exaggeration: float) -> Floats:
    """Of the Kullback-Leibler divergence, (P, 2)."""
    rows = np.repeat(np.arange(len(y)), np.diff(pull.indptr))
    apart = y[rows] - y[pull.indices]
    drawn = pull.data / (1 + np.square(apart).sum(axis=1))
    attraction = np.add.reduceat(apart * drawn[:, None], pull.indptr[:-1], axis=0)
    # 1 + |a - b|² of a block of rows as one product: (-2a, 1 + |a|², 1) (b, 1, |b|²)
    lengths = np.square(y).sum(axis=1, keepdims=True)
    ones = np.ones_like(lengths)
    left, right = np.hstack((-2 * y, 1 + lengths, ones)), np.hstack((y, ones, lengths)).T.copy()
    far = np.hstack((ones, y))
    total, repulsion = -float(len(y)), np.empty_like(y)  # none pushes itself away
    for start in range(0, len(y), BLOCK):
        rows_of_block = slice(start, start + BLOCK)
        q = np.reciprocal(np.maximum(left[rows_of_block] @ right, 1))
        total += float(q.sum())
        sums = np.square(q, out=q) @ far
        repulsion[rows_of_block] = y[rows_of_block] * sums[:, :1] - sums[:, 1:]
    gradient: Floats = np.float32(4) * (exaggeration * attraction - repulsion / np.float32(total))
    return gradient


# **** how true a map is ****


def trustworthiness(places: Floats, points: Floats, nearest: int = NEAREST) -> float:
    """1 where all neighbours on the map are neighbours in truth; less, the farther off others are.

    Venna and Kaski (2001). Of fewer than twice as many digits it says nothing: 1.
    """
    P = len(places)
    if 2 * nearest > P:
        return 1.0
    truth, shown = _squared_distances(places), _squared_distances(points)
    for distances in (truth, shown):
        np.fill_diagonal(distances, -1)  # each is its own first
    rank = np.empty((P, P), np.int32)
    np.put_along_axis(
        rank, np.argsort(truth, axis=1, kind="stable"), np.arange(P, dtype=np.int32)[None], axis=1
    )
    near = np.argsort(shown, axis=1, kind="stable")[:, 1 : nearest + 1]
    wrong = np.maximum(np.take_along_axis(rank, near, axis=1) - nearest, 0).sum()
    return float(1 - 2 * wrong / (P * nearest * (2 * P - 3 * nearest - 1)))


def _squared_distances(points: Floats) -> Floats:
    lengths = np.square(points).sum(axis=1)
    distances: Floats = np.maximum(lengths[:, None] + lengths - 2 * points @ points.T, 0)
    return distances
