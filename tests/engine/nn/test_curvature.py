"""Curvature: layer by layer the second differences of an energy, and of whole networks the loss's."""

import numpy as np
import pytest

from engine.errors import ConfigurationError, ShapeError
from engine.nn.architectures import ARCHITECTURES, build_network
from engine.nn.curvature import check_has_curvature, curvature, curvatures
from engine.nn.digit_codes import digit_codes
from engine.nn.layers import BatchNorm, Conv2D, Dense, Flatten, RadialBasis, ReLU, ScaledTanh, Sigmoid, Tanh
from engine.nn.losses import softmax
from engine.nn.network import Network
from tests.engine.gradcheck import check_curvature, spaced_values
from tests.engine.nn.test_layers import HALF_CONNECTED, LAYERS, LEARNING, NAMES

# **** one layer ****

LINEAR = [  # in each single number, but for kinks
    *[name for name in LEARNING if not name.startswith("conv-shared")],
    *(name for name in LAYERS if name.startswith(("max-pool", "mean-pool"))),
    *("subsample", "pad", "flatten", "relu", "dropout"),
]


@pytest.mark.parametrize("name", LINEAR)
def test_curvature_agrees_with_second_differences(name, rng):
    build, input_shape, _ = LAYERS[name]
    layer = build(rng)
    x = spaced_values(rng, (*input_shape, 2))
    has_kinks = name.startswith(("max-pool", "relu"))
    checked = check_curvature(layer, x, rng=rng, step=1e-3 if has_kinks else 0.5)
    assert checked == ["x", *NAMES.get(name, [])]


@pytest.mark.parametrize("activation", [Tanh, Sigmoid, ScaledTanh, ReLU])
def test_curvature_of_an_activation_is_the_square_of_its_slope(activation, rng):
    layer = activation()
    x, d2y = rng.standard_normal((4, 3)), rng.random((4, 3))
    _, cache = layer.forward(x)
    slope, _ = layer.backward(np.ones((4, 3)), cache)
    d2x, own = curvature(layer, d2y, cache)
    np.testing.assert_allclose(d2x, slope**2 * d2y, rtol=1e-12)
    assert list(own) == []


@pytest.mark.parametrize("table", [None, HALF_CONNECTED])
def test_curvature_of_a_shared_kernel_is_the_sum_over_its_connections(table, rng):
    """LeCun et al. (1998), appendix C: of a shared weight, the sum over all the places where it stands."""
    layer = Conv2D(2, 3, 2, rng=rng, shared=True, bias=False, table=table)
    x = rng.standard_normal((2, 4, 4, 3))
    y, cache = layer.forward(x)
    d2y = rng.random(y.shape)
    full = Conv2D(2, 3, 2, rng=rng, bias=False, table=table)
    full.weight.value = layer.dense_weight()[layer.table] if table is not None else layer.dense_weight()
    _, full_cache = full.forward(x)
    d2x, (d2weight,) = curvature(layer, d2y, cache)
    full_d2x, (full_d2weight,) = curvature(full, d2y, full_cache)
    np.testing.assert_allclose(d2x, full_d2x, rtol=1e-6)
    owner = np.argwhere(layer.table)[:, 0]  # the output map of each connection
    single = full_d2weight.reshape(-1, 2, 2)
    expected = [single[owner == k].sum(axis=0) for k in range(3)]
    np.testing.assert_allclose(d2weight, expected, rtol=1e-6)


class Chain:
    """Layers one after the other, as one layer: for second derivatives that pass through several."""

    def __init__(self, *layers):
        self.layers = layers
        self.parameters = [parameter for layer in layers for parameter in layer.parameters]
        for number, parameter in enumerate(self.parameters):
            parameter.name = f"{number}.{parameter.name}"

    def forward(self, x, training=None):
        caches = []
        for layer in self.layers:
            x, cache = layer.forward(x, training)
            caches.append(cache)
        return x, caches


@curvature.register
def _(chain: Chain, d2y, caches):
    gradients = []
    for layer, cache in zip(reversed(chain.layers), reversed(caches), strict=True):
        d2y, own = curvature(layer, d2y, cache)
        gradients[:0] = own
    return d2y, gradients


@pytest.mark.parametrize(
    "build, shape",
    [
        (lambda rng: Chain(Dense(4, 3, rng=rng), Dense(3, 5, rng=rng)), (4, 6)),
        (lambda rng: Chain(Conv2D(1, 3, 4, rng=rng), Flatten(), Dense(3, 5, rng=rng)), (1, 4, 4, 6)),  # as C5
    ],
    ids=["dense", "convolution"],
)
def test_gauss_newton_is_exact_for_the_weights_of_two_linear_layers(build, shape, rng):
    """A hidden number reaches the energy through its own weights alone, so no product is left out."""
    chain = build(rng)
    checked = check_curvature(chain, rng.standard_normal(shape), rng=rng, leave_out=("x",))
    assert checked == ["0.weight", "1.bias", "2.weight", "3.bias"]


def test_curvature_at_the_codes_is_2_for_each_feature_and_image(rng):
    layer = RadialBasis(digit_codes())
    _, cache = layer.forward(rng.standard_normal((84, 4)))
    d2x, own = curvature(layer, rng.random((10, 4)), cache)
    np.testing.assert_array_equal(d2x, np.full((84, 4), 2 / 4))  # of the mean over 4 images
    assert list(own) == []


def test_batch_norm_has_no_curvature_and_says_so_before_anything_is_learnt(rng):
    layer = BatchNorm(3)
    y, cache = layer.forward(rng.random((3, 4)))
    with pytest.raises(NotImplementedError, match="no second derivatives of a layer BatchNorm"):
        curvature(layer, y, cache)
    with pytest.raises(ConfigurationError, match=r"cannot train.*batch normalisation.*best has it in n1"):
        check_has_curvature(build_network("best", rng=rng))
    for name in ARCHITECTURES:
        if name != "best":
            check_has_curvature(build_network(name, rng=rng))


# **** whole networks ****


def test_curvatures_of_a_linear_network_are_its_second_differences(rng):
    """Of one layer, Gauss-Newton leaves nothing out: softmax's own curvature is p (1 - p)."""
    network = Network(
        [("flatten", Flatten()), ("output", Dense(9, 4, rng=rng))],
        input_shape=(1, 3, 3),
        architecture="linear",
    ).astype(np.float64)
    images, labels = rng.standard_normal((6, 3, 3)), np.array([0, 1, 2, 3, 0, 1])
    step = 1e-3
    for parameter, found in zip(network.parameters, curvatures(network, images), strict=True):
        assert found.shape == parameter.value.shape
        for index in np.ndindex(parameter.value.shape):
            kept, losses = parameter.value[index], []
            for moved in (kept - step, kept, kept + step):
                parameter.value[index] = moved
                losses.append(network.loss_and_gradients(images, labels))
            parameter.value[index] = kept
            second = (losses[0] - 2 * losses[1] + losses[2]) / step**2
            assert found[index] == pytest.approx(second, rel=1e-5, abs=1e-9)


def test_curvatures_of_a_tiny_network_restated(rng):
    network = Network(
        [
            ("flatten", Flatten()),
            ("f1", Dense(4, 3, rng=rng)),
            ("tanh", Tanh()),
            ("out", Dense(3, 5, rng=rng)),
        ],
        input_shape=(1, 2, 2),
        architecture="restated",
    ).astype(np.float64)
    images = rng.standard_normal((7, 2, 2))
    w1, _, w2, _ = (parameter.value for parameter in network.parameters)
    x = images.reshape(7, 4).T
    y = np.tanh(w1 @ x)  # biases are 0
    p = softmax(w2 @ y)
    d2z = p * (1 - p) / 7
    d2a = (w2**2).T @ d2z * (1 - y**2) ** 2
    expected = [d2a @ (x**2).T, d2a.sum(axis=1), d2z @ (y**2).T, d2z.sum(axis=1)]
    for actual, wanted in zip(curvatures(network, images), expected, strict=True):
        np.testing.assert_allclose(actual, wanted, rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in ARCHITECTURES if name != "best"])
def test_curvatures_are_one_number_for_each_and_none_below_0(name, rng):
    network = build_network(name, rng=rng)
    images = rng.random((4, *network.input_shape), np.float32)
    before = network.state()
    found = curvatures(network, images)
    assert [c.shape for c in found] == [p.value.shape for p in network.parameters]
    assert all(np.isfinite(c).all() and (c >= 0).all() and c.any() for c in found)
    assert {c.dtype for c in found} == {np.dtype(np.float32)}
    assert all(value.tobytes() == before[key].tobytes() for key, value in network.state().items())


def test_curvatures_are_a_mean_over_the_images(rng):
    network = build_network("lenet5-1998", rng=rng).astype(np.float64)
    images = rng.random((3, 28, 28))
    once, twice = curvatures(network, images), curvatures(network, np.concatenate([images, images]))
    for a, b in zip(once, twice, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10)


def test_network_of_another_shape_of_images_has_no_curvatures(rng):
    with pytest.raises(ShapeError, match="lenet5 expects images"):
        curvatures(build_network("lenet5", rng=rng), np.zeros((4, 32, 32), np.float32))
