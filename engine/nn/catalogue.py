"""Networks of others, kept so that their weights can be read and measured here; nobody trains them anew.

They differ from today's networks in what made them slow or weak: sigmoids, a bias for each position, no
convolution at all. `foreign` reads the files of the first two.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from engine.nn.initializers import glorot
from engine.nn.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Sigmoid,
    Tanh,
    connection_table,
)
from engine.nn.network import Network
from engine.nn.scaling import InputScaling

MNIST_SHAPE = (1, 28, 28)

SIGMOID_TABLE = connection_table(
    *("012", "123", "234", "345", "450", "501"),
    *("0123", "1234", "2345", "3450", "4501", "5012"),
    *("0134", "1245", "2350"),
    "012345",
)


def lenet5_sigmoid(*, rng: np.random.Generator) -> Network:
    """A LeNet-5 of sigmoids whose C3 maps have one kernel each.

    That of github.com/GiacomoPorpiglia/CNN-from-scratch, which reads 98.50 % of MNIST's test set: mean
    pooling, no biases in the convolutions, C3 connected as in LeCun et al. (1998), table I, but with a
    single kernel for each map, applied to the sum of the maps that it reads. Ink below 0.1 counts as paper.
    """
    conv = partial(Conv2D, rng=rng, shared=True, bias=False, initializer=glorot)
    dense = partial(Dense, rng=rng, initializer=glorot)
    return Network(
        [
            ("c1", conv(1, 6, 5)),  # 6x24x24
            ("sigmoid1", Sigmoid()),
            ("s2", MeanPool2D(2)),  # 6x12x12
            ("c3", conv(6, 16, 5, table=SIGMOID_TABLE)),  # 16x8x8
            ("sigmoid3", Sigmoid()),
            ("s4", MeanPool2D(2)),  # 16x4x4
            ("flatten", Flatten()),
            ("c5", dense(256, 120)),
            ("sigmoid5", Sigmoid()),
            ("f6", dense(120, 84)),
            ("sigmoid6", Sigmoid()),
            ("output", dense(84, 10)),
        ],
        input_shape=MNIST_SHAPE,
        architecture="lenet5-sigmoid",
        scaling=InputScaling(threshold=0.1),
    )


def lenet5_tanh(*, rng: np.random.Generator) -> Network:
    """A LeNet-5 of tanh with a bias for each position of each map.

    That of github.com/mezeirobert0/digit-recognizer, which reads 98.43 % of MNIST's test set: standardised
    pixels, padded to 32x32 with zeros, mean pooling, C3 reading all maps, C5 as a convolution.
    """
    conv = partial(Conv2D, rng=rng, initializer=glorot)
    return Network(
        [
            ("c1", conv(1, 6, 5, padding=2, positions=(28, 28))),  # 6x28x28
            ("tanh1", Tanh()),
            ("s2", MeanPool2D(2)),  # 6x14x14
            ("c3", conv(6, 16, 5, positions=(10, 10))),  # 16x10x10
            ("tanh3", Tanh()),
            ("s4", MeanPool2D(2)),  # 16x5x5
            ("c5", conv(16, 120, 5, positions=(1, 1))),  # 120x1x1
            ("tanh5", Tanh()),
            ("flatten", Flatten()),
            ("f6", Dense(120, 84, rng=rng, initializer=glorot)),
            ("tanh6", Tanh()),
            ("output", Dense(84, 10, rng=rng, initializer=glorot)),
        ],
        input_shape=MNIST_SHAPE,
        architecture="lenet5-tanh",
        scaling=InputScaling(mean=0.1306604762738429, deviation=0.30810780385646264),
    )


def cnn_3x3(*, rng: np.random.Generator) -> Network:
    """Three 3x3 convolutions with a bias for each position, 16-32-64, overlapping max-pools.

    Pools of 3x3 at a stride of 2, as in Krizhevsky et al. (2012), padded: 28, 14, 7, 4.
    """
    layers: list[tuple[str, Layer]] = []
    for number, (channels, maps, side) in enumerate([(1, 16, 28), (16, 32, 14), (32, 64, 7)], start=1):
        conv = Conv2D(channels, maps, 3, rng=rng, padding=1, positions=(side, side))
        layers += [
            (f"c{number}", conv),
            (f"s{number}", MaxPool2D(3, stride=2, padding=1)),
            (f"relu{number}", ReLU()),
        ]
    layers += [
        ("flatten", Flatten()),  # 64x4x4
        ("f4", Dense(1024, 100, rng=rng)),
        ("relu4", ReLU()),
        ("output", Dense(100, 10, rng=rng)),
    ]
    return Network(layers, input_shape=MNIST_SHAPE, architecture="cnn-3x3")


def mlp_tanh(*, rng: np.random.Generator) -> Network:
    """784-128-10 with tanh: the smallest network of the field's checkpoints."""
    return Network(
        [
            ("flatten", Flatten()),
            ("f1", Dense(784, 128, rng=rng, initializer=glorot)),
            ("tanh1", Tanh()),
            ("output", Dense(128, 10, rng=rng, initializer=glorot)),
        ],
        input_shape=MNIST_SHAPE,
        architecture="mlp-tanh",
    )


def mlp_relu(*, rng: np.random.Generator) -> Network:
    """784-128-50-10 with ReLU and dropout 0.2, of the same checkpoints."""
    return Network(
        [
            ("flatten", Flatten()),
            ("f1", Dense(784, 128, rng=rng)),
            ("relu1", ReLU()),
            ("drop1", Dropout(0.2)),
            ("f2", Dense(128, 50, rng=rng)),
            ("relu2", ReLU()),
            ("drop2", Dropout(0.2)),
            ("output", Dense(50, 10, rng=rng)),
        ],
        input_shape=MNIST_SHAPE,
        architecture="mlp-relu",
    )


def cnn(name: str, maps: tuple[int, ...], *, rng: np.random.Generator) -> Network:
    """3x3 same convolutions, dropout 0.2 behind each; the first three halve the image."""
    layers: list[tuple[str, Layer]] = []
    channels, side = 1, 28
    for number, count in enumerate(maps, start=1):
        layers.append((f"c{number}", Conv2D(channels, count, 3, rng=rng, padding=1)))
        if number <= 3:
            layers.append((f"s{number}", MaxPool2D(2)))
            side //= 2
        layers += [(f"relu{number}", ReLU()), (f"drop{number}", Dropout(0.2))]
        channels = count
    layers += [("flatten", Flatten()), ("output", Dense(channels * side**2, 10, rng=rng))]
    return Network(layers, input_shape=MNIST_SHAPE, architecture=name)


def cnn_2(*, rng: np.random.Generator) -> Network:
    """Two 3x3 convolutions, 8-16, with max-pools and dropout 0.2: a checkpoint of 0.80 % error."""
    return cnn("cnn-2", (8, 16), rng=rng)


CATALOGUE: dict[str, Callable[..., Network]] = {
    "lenet5-sigmoid": lenet5_sigmoid,
    "lenet5-tanh": lenet5_tanh,
    "cnn-3x3": cnn_3x3,
    "mlp-tanh": mlp_tanh,
    "mlp-relu": mlp_relu,
    "cnn-2": cnn_2,
}
