"""Network: shapes told by name, answers that depend on the images alone, gradients, and its state.

Then what training has besides: other losses, an rng, running statistics, second derivatives, averages.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.learning.optimizers import SGD
from engine.machine import threads
from engine.nn.architectures import ARCHITECTURES, build_network
from engine.nn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Sigmoid,
    Tanh,
    Training,
)
from engine.nn.losses import LOSSES, NO_CLASS, softmax_cross_entropy
from engine.nn.network import SHARD, UNSCALED, Network
from engine.nn.scaling import InputScaling
from tests.engine.gradcheck import check_network, compare_gradient, spaced_values


@pytest.fixture
def lenet5(rng):
    return build_network("lenet5", rng=rng)


def tiny_network(rng):
    """One convolution and one dense layer on 6x6 images."""
    return Network(
        [
            ("c1", Conv2D(1, 2, 3, rng=rng)),
            ("relu1", ReLU()),
            ("flatten", Flatten()),
            ("output", Dense(32, 10, rng=rng)),
        ],
        input_shape=(1, 6, 6),
        architecture="tiny",
    )


# **** construction ****


def test_parameters_are_named_by_layer_in_the_order_of_the_computation(lenet5):
    layers = ["c1", "c3", "c5", "f6", "output"]
    expected = [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]
    assert [parameter.name for parameter in lenet5.parameters] == expected


def test_layer_keeps_one_prefix_when_two_networks_use_it(rng):
    layer = Dense(4, 10, rng=rng)
    Network([("first", layer)], input_shape=(4,), architecture="one")
    network = Network([("second", layer)], input_shape=(4,), architecture="two")
    assert [p.name for p in network.parameters] == ["second.weight", "second.bias"]


@pytest.mark.parametrize(
    "second, message",
    [
        (("c3", 6, 16), r"^Layer c3: Conv2D expects 6 input channels, got 4 \(input shape \(4, 6, 6\)\)"),
        (("output", 100, 10), r"^Layer output: Dense expects \(100,\) features, got \(4, 6, 6\)\."),
    ],
)
def test_misfit_is_told_with_the_name_of_the_layer(rng, second, message):
    name, fan_in, fan_out = second
    layer = Conv2D(fan_in, fan_out, 3, rng=rng) if name == "c3" else Dense(fan_in, fan_out, rng=rng)
    with pytest.raises(ShapeError, match=message):
        Network(
            [("c1", Conv2D(1, 4, 3, rng=rng)), (name, layer)],
            input_shape=(1, 8, 8),
            architecture="misfit",
        )


def test_two_layers_of_one_name_are_refused(rng):
    layers = [("relu", ReLU()), ("f1", Dense(4, 4, rng=rng)), ("relu", ReLU())]
    with pytest.raises(ShapeError, match=r"Two layers share a name: \['relu', 'f1', 'relu'\]"):
        Network(layers, input_shape=(4,), architecture="twins")


def test_shapes_hold_each_layers_output(lenet5):
    assert lenet5.shapes["c1"] == (6, 24, 24)
    assert lenet5.shapes["s4"] == (16, 4, 4)
    assert lenet5.shapes["flatten"] == (256,)
    assert lenet5.shapes["output"] == (10,)


# **** answers ****


def test_channel_axis_of_grey_images_may_be_left_out(lenet5, rng):
    images = rng.random((5, 28, 28), np.float32)
    without, with_channel = lenet5.logits(images), lenet5.logits(images[:, np.newaxis])
    assert without.shape == (5, 10)
    assert without.dtype == np.float32
    assert without.tobytes() == with_channel.tobytes()


def test_images_are_taken_row_by_row_and_channel_by_channel(rng):
    """The turn to batch last mixes up no axes: Flatten alone returns what came in."""
    network = Network([("flatten", Flatten())], input_shape=(3, 4, 5), architecture="flat")
    images = rng.random((7, 3, 4, 5))
    np.testing.assert_array_equal(network.logits(images), images.reshape(7, 60))


def test_logits_are_those_of_the_layers_one_after_the_other(rng):
    network = tiny_network(rng)
    images = rng.random((3, 6, 6), np.float32)
    x = images.transpose(1, 2, 0)[np.newaxis]  # (1, 6, 6, 3): batch last
    for layer in network.layers.values():
        x, _ = layer.forward(x)
    np.testing.assert_allclose(network.logits(images), x.T, rtol=1e-6)


@pytest.mark.parametrize(
    "shape",
    [(28, 28), (4, 28, 27), (4, 32, 32), (4, 3, 28, 28), (4, 1, 28), (4, 784), (4, 28, 28, 1)],
)
def test_images_of_another_shape_are_refused(lenet5, shape):
    came = ", ".join(map(str, shape))
    with pytest.raises(ShapeError, match=rf"lenet5 expects images \(N, 1, 28, 28\), got \({came}\)"):
        lenet5.logits(np.zeros(shape, np.float32))
    with pytest.raises(ShapeError, match="lenet5 expects images"):
        lenet5.loss_and_gradients(np.zeros(shape, np.float32), np.zeros(shape[0], int))


def test_colour_images_need_their_channel_axis():
    network = Network([("flatten", Flatten())], input_shape=(3, 4, 4), architecture="colour")
    assert network.logits(np.zeros((2, 3, 4, 4))).shape == (2, 48)
    with pytest.raises(ShapeError, match=r"colour expects images \(N, 3, 4, 4\), got \(2, 4, 4\)"):
        network.logits(np.zeros((2, 4, 4)))


@pytest.mark.parametrize("shape", [(0, 28, 28), (0, 1, 28, 28)])
def test_no_images_get_no_answers(lenet5, shape):
    assert lenet5.logits(np.zeros(shape, np.float32)).shape == (0, 10)


@pytest.mark.parametrize("cuts", [[1], [63, 64, 65], [1, 2, 3, 200], [128, 256], range(10, 300, 10)], ids=str)
def test_logits_do_not_depend_on_how_a_batch_is_cut(lenet5, rng, cuts):
    images = rng.random((300, 28, 28), np.float32)
    whole = lenet5.logits(images)
    parts = np.concatenate([lenet5.logits(part) for part in np.split(images, list(cuts))])
    np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-5 * np.abs(whole).max())


def test_images_are_unchanged_and_nothing_is_kept(lenet5, rng):
    images = rng.random((3, 28, 28), np.float32)
    images_before, state_before = images.tobytes(), lenet5.state()
    lenet5.logits(images)
    lenet5.loss_and_gradients(images, np.array([1, 2, 3]))
    assert images.tobytes() == images_before
    assert all(value.tobytes() == state_before[name].tobytes() for name, value in lenet5.state().items())


def test_several_threads_get_the_same_bytes(lenet5, rng):
    batches = [rng.random((size, 28, 28), np.float32) for size in (1, 5, 64, 130, 200, 64, 5, 1)]
    alone = [lenet5.logits(batch).tobytes() for batch in batches]
    with ThreadPoolExecutor(max_workers=4) as pool:
        for _ in range(4):
            together = list(pool.map(lambda batch: lenet5.logits(batch).tobytes(), batches))
            assert together == alone


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_bytes_do_not_depend_on_the_number_of_cores(lenet5, rng, monkeypatch, cores):
    def answers_loss_and_gradients():
        logits, loss = lenet5.logits(images), lenet5.loss_and_gradients(images, labels)
        return logits.tobytes(), loss, [parameter.grad.tobytes() for parameter in lenet5.parameters]

    images, labels = rng.random((200, 28, 28), np.float32), rng.integers(0, 10, 200)
    expected = answers_loss_and_gradients()
    with ThreadPoolExecutor(cores) as pool:
        monkeypatch.setattr(threads, "cores", lambda: cores)
        monkeypatch.setattr(threads, "_pool", lambda: pool)
        assert answers_loss_and_gradients() == expected


def test_same_seed_gives_the_same_bytes():
    def trained(seed):
        rng = np.random.default_rng(seed)
        network = build_network("lenet5", rng=rng)
        optimizer = SGD(network.parameters, 0.1, momentum=0.9)
        for _ in range(2):
            network.loss_and_gradients(rng.random((100, 28, 28), np.float32), rng.integers(0, 10, 100))
            optimizer.step()
        return [value.tobytes() for value in network.state().values()]

    assert trained(1) == trained(1)
    assert trained(1) != trained(2)


# **** the loss and its gradients ****


def test_loss_is_the_cross_entropy_of_the_logits(lenet5, rng):
    images, labels = rng.random((70, 28, 28), np.float32), rng.integers(0, 10, 70)
    expected, _ = softmax_cross_entropy(lenet5.logits(images).T, labels)
    assert lenet5.loss_and_gradients(images, labels) == pytest.approx(expected, rel=1e-6)


def test_gradients_are_replaced_not_added_up(lenet5, rng):
    images, labels = rng.random((4, 28, 28), np.float32), np.array([0, 1, 2, 3])
    lenet5.loss_and_gradients(images, labels)
    once = [parameter.grad.tobytes() for parameter in lenet5.parameters]
    lenet5.loss_and_gradients(images, labels)
    assert [parameter.grad.tobytes() for parameter in lenet5.parameters] == once


@pytest.mark.parametrize("parts", [(3, 3), (1, 40), (32, 1), (32, 64, 5)], ids=str)
def test_loss_and_gradients_of_a_batch_are_the_means_over_its_images(lenet5, rng, parts):
    """However the batch is cut inside: each image counts once, those of a small last piece too."""
    lenet5.astype(np.float64)
    N = sum(parts)
    images, labels = rng.random((N, 28, 28)), rng.integers(0, 10, N)
    loss = lenet5.loss_and_gradients(images, labels)
    gradients = [parameter.grad for parameter in lenet5.parameters]

    mean_loss, mean_gradients = 0.0, [np.zeros_like(gradient) for gradient in gradients]
    ends = np.cumsum(parts)
    for count, end in zip(parts, ends, strict=True):
        part = slice(end - count, end)
        mean_loss += count / N * lenet5.loss_and_gradients(images[part], labels[part])
        for mean, parameter in zip(mean_gradients, lenet5.parameters, strict=True):
            mean += count / N * parameter.grad
    assert loss == pytest.approx(mean_loss, rel=1e-12)
    for gradient, mean in zip(gradients, mean_gradients, strict=True):
        np.testing.assert_allclose(gradient, mean, rtol=1e-9, atol=1e-13)


def test_gradients_of_a_batch_that_is_cut_agree_with_central_differences(rng):
    network = tiny_network(rng).astype(np.float64)
    images, labels = rng.random((75, 6, 6)), rng.integers(0, 10, 75)
    errors = check_network(network, images, labels, rng=rng, entries=40)
    assert max(errors.values()) < 1e-7


@pytest.mark.parametrize("images, labels", [(4, 2), (4, 5), (4, 1), (0, 0)])
def test_batch_needs_a_label_for_each_of_its_images(lenet5, images, labels):
    with pytest.raises(ShapeError, match=f"A batch of {images} images came with labels of shape"):
        lenet5.loss_and_gradients(np.zeros((images, 28, 28), np.float32), np.zeros(labels, int))


def test_whole_lenet5_agrees_with_central_differences(lenet5, rng):
    images, labels = rng.random((2, 28, 28)), np.array([3, 8])
    errors = check_network(lenet5.astype(np.float64), images, labels, rng=rng, entries=40)
    assert list(errors) == [parameter.name for parameter in lenet5.parameters]
    assert max(errors.values()) < 1e-7
    assert all(parameter.grad.any() for parameter in lenet5.parameters)


def test_network_of_every_other_layer_agrees_with_central_differences(rng, c3_table):
    """In the manner of 1998: padding, tanh, mean pooling, a table; and strides, overlaps, a sigmoid."""
    network = Network(
        [
            ("c1", Conv2D(1, 6, 3, rng=rng, padding=1)),  # 6x11x11
            ("tanh1", Tanh()),
            ("s2", MeanPool2D(3, stride=2)),  # 6x5x5
            ("c3", Conv2D(6, 16, 3, rng=rng, table=c3_table, stride=2, padding=1)),  # 16x3x3
            ("sigmoid3", Sigmoid()),
            ("s4", MaxPool2D(2, stride=1)),  # 16x2x2
            ("flatten", Flatten()),
            ("output", Dense(64, 10, rng=rng)),
        ],
        input_shape=(1, 11, 11),
        architecture="old-style",
    ).astype(np.float64)
    errors = check_network(network, rng.random((2, 11, 11)), np.array([3, 8]), rng=rng, entries=100)
    assert list(errors) == [parameter.name for parameter in network.parameters]
    assert max(errors.values()) < 1e-7
    assert all(parameter.grad.any() for parameter in network.parameters)


def test_layers_before_the_first_parameter_do_not_disturb_the_gradients(rng):
    network = Network(
        [("s0", MeanPool2D(2)), ("flatten", Flatten()), ("output", Dense(9, 10, rng=rng))],
        input_shape=(1, 6, 6),
        architecture="pooled",
    )
    errors = check_network(network.astype(np.float64), rng.random((2, 6, 6)), np.array([3, 8]), rng=rng)
    assert list(errors) == ["output.weight", "output.bias"]


class ReLUThatCounts(ReLU):
    """Notes how often backward was asked."""

    def __init__(self):
        self.backwards = 0

    def backward(self, dy, cache, *, needs_dx=True):
        self.backwards += 1
        return super().backward(dy, cache, needs_dx=needs_dx)


def test_backward_stops_at_the_first_layer_that_learns(rng):
    before, after = ReLUThatCounts(), ReLUThatCounts()
    layers = [
        ("relu0", before),
        ("f1", Dense(4, 5, rng=rng)),
        ("relu1", after),
        ("output", Dense(5, 10, rng=rng)),
    ]
    network = Network(layers, input_shape=(4,), architecture="counting")
    network.loss_and_gradients(rng.random((2, 4), np.float32), np.array([3, 8]))
    assert (before.backwards, after.backwards) == (0, 1)


# **** dtype ****


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("image_dtype", [np.uint8, np.float32, np.float64])
def test_parameters_decide_the_dtype(rng, dtype, image_dtype):
    network = tiny_network(rng).astype(dtype)
    images = np.ones((2, 6, 6), image_dtype)
    network.loss_and_gradients(images, np.array([1, 2]))
    assert network.logits(images).dtype == dtype
    assert {p.value.dtype for p in network.parameters} == {np.dtype(dtype)}
    assert {p.grad.dtype for p in network.parameters} == {np.dtype(dtype)}


# **** state ****


def test_state_goes_round_to_another_network(lenet5, rng):
    other = build_network("lenet5", rng=rng)
    images = rng.random((3, 28, 28), np.float32)
    assert other.logits(images).tobytes() != lenet5.logits(images).tobytes()
    other.load_state(lenet5.state())
    assert other.logits(images).tobytes() == lenet5.logits(images).tobytes()


def test_state_is_a_copy_on_the_way_out(rng):
    network = tiny_network(rng)
    before = network.parameters[0].value.tobytes()
    network.state()["c1.weight"] += 1
    assert network.parameters[0].value.tobytes() == before


def test_state_is_a_copy_on_the_way_in(rng):
    network = tiny_network(rng)
    state = network.state()
    network.load_state(state)
    before = network.parameters[0].value.tobytes()
    state["c1.weight"] += 1
    assert network.parameters[0].value.tobytes() == before


def test_loading_keeps_the_networks_dtype(rng):
    network = tiny_network(rng)
    network.load_state({name: value.astype(np.float64) for name, value in network.state().items()})
    assert {p.value.dtype for p in network.parameters} == {np.dtype(np.float32)}


def without_bias(state):
    del state["c1.bias"]


def with_one_more(state):
    state["c2.weight"] = np.zeros(3, np.float32)


def renamed(state):
    state["c9.bias"] = state.pop("c1.bias")


def reshaped(state):
    state["c1.weight"] = state["c1.weight"].reshape(2, 9)


@pytest.mark.parametrize(
    "damage, message",
    [
        (without_bias, r"tiny has the arrays .*'c1\.bias': \(2,\).*, got \{(?!.*c1\.bias)"),
        (with_one_more, r"got .*'c2\.weight': \(3,\)"),
        (renamed, r"got .*'c9\.bias': \(2,\)"),
        (reshaped, r"'c1\.weight': \(2, 1, 3, 3\).*, got .*'c1\.weight': \(2, 9\)"),
    ],
)
def test_state_of_another_network_is_refused_and_changes_nothing(rng, damage, message):
    network = tiny_network(rng)
    before = network.state()
    state = {name: value + 1 for name, value in before.items()}
    damage(state)
    with pytest.raises(ShapeError, match=message):
        network.load_state(state)
    assert all(value.tobytes() == before[name].tobytes() for name, value in network.state().items())


def test_labels_in_a_column_are_refused_and_not_spread_over_the_batch(lenet5):
    with pytest.raises(ShapeError, match=r"labels of shape \(4, 1\), not \(4,\)"):
        lenet5.loss_and_gradients(np.zeros((4, 28, 28), np.float32), np.zeros((4, 1), int))


@pytest.mark.parametrize("label", [-2, 10])
def test_a_label_that_is_no_class_is_refused(lenet5, label):
    with pytest.raises(ShapeError, match="Labels must be 0 to 9"):
        lenet5.loss_and_gradients(np.zeros((1, 28, 28), np.float32), np.array([label]))


def test_gradients_with_examples_of_no_class_among_others_are_right(rng):
    network = tiny_network(rng).astype(np.float64)
    labels = np.array([2, NO_CLASS, 0, NO_CLASS])
    check_network(network, rng.random((4, 1, 6, 6)), labels, rng=rng)


def test_one_layer_in_two_places_is_refused():
    relu = ReLU()
    with pytest.raises(ShapeError, match="One layer stands in two places"):
        Network([("a", relu), ("b", relu)], input_shape=(3,), architecture="twice")


# **** every network of the field ****

OWN_LOSS = {"lenet5-1998": LOSSES["map"]}
WITH_TRAINING = ["mlp-relu", "cnn-2", "cnn-3", "cnn-4", "cifar10", "best"]  # dropout, batch normalisation


# Each layer is checked in test_layers.py; that a network hands its gradients on, by one of each kind.
QUICK = ("lenet5", "lenet5-1998", "best", "mlp-relu")


def some(names):
    return [name if name in QUICK else pytest.param(name, marks=pytest.mark.thorough) for name in names]


@pytest.mark.parametrize("name", some(ARCHITECTURES))
def test_every_whole_network_agrees_with_central_differences(name, rng):
    network = build_network(name, rng=rng).astype(np.float64)
    images, labels = rng.random((2, *network.input_shape)), np.array([3, 8])
    loss = OWN_LOSS.get(name, softmax_cross_entropy)
    errors = check_network(network, images, labels, rng=rng, entries=6, loss=loss)
    assert list(errors) == [parameter.name for parameter in network.parameters]
    assert max(errors.values()) < 1e-6
    assert all(np.abs(parameter.grad).max() > 1e-6 for parameter in network.parameters)


@pytest.mark.parametrize("name", some(WITH_TRAINING))
def test_every_whole_network_agrees_with_central_differences_in_training(name):
    rng = np.random.default_rng(1)  # with which no bias of 0 carries a ReLU over its corner
    network = build_network(name, rng=rng).astype(np.float64)
    N = 6 if name == "best" else 2  # normalised over two images, features are ±1 and pass no gradient
    images, labels = rng.random((N, *network.input_shape)), rng.integers(0, 10, N)
    errors = check_network(network, images, labels, rng=rng, entries=3, training_seed=5)
    assert max(errors.values()) < 1e-6
    assert all(np.abs(parameter.grad).max() > 1e-6 for parameter in network.parameters)


def test_networks_that_training_treats_otherwise_are_all_checked(rng):
    def differs(name):
        layers = build_network(name, rng=rng).layers.values()
        return any(isinstance(layer, Dropout | BatchNorm) for layer in layers)

    assert {name for name in ARCHITECTURES if differs(name)} == set(WITH_TRAINING)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_gradients_of_every_loss_agree_with_central_differences(loss, rng):
    network = tiny_network(rng).astype(np.float64)
    images, labels = rng.random((5, 6, 6)), rng.integers(0, 10, 5)
    errors = check_network(network, images, labels, rng=rng, entries=40, loss=loss)
    assert max(errors.values()) < 1e-7
    expected, _ = loss(network.logits(images).T, labels)
    assert network.loss_and_gradients(images, labels, loss=loss) == pytest.approx(expected, rel=1e-12)


# **** training: an rng, dropout, running statistics ****


def network_of(middle, rng):
    """Dropout or batch normalisation between two dense layers, on 3x3 images."""
    layers = [
        ("flatten", Flatten()),
        ("f1", Dense(9, 12, rng=rng)),
        ("middle", middle),
        ("output", Dense(12, 10, rng=rng)),
    ]
    return Network(layers, input_shape=(1, 3, 3), architecture="middle")


def learnt(network, images, labels, seed):
    """The loss, the gradients and the state after one evaluation in training, as bytes."""
    loss = network.loss_and_gradients(images, labels, training=Training(np.random.default_rng(seed)))
    return (
        loss,
        [parameter.grad.tobytes() for parameter in network.parameters],
        [value.tobytes() for value in network.state().values()],
    )


def test_dropout_is_repeatable_by_seed_and_off_without_one(rng):
    network = network_of(Dropout(0.5), rng)
    images, labels = rng.random((100, 3, 3), np.float32), rng.integers(0, 10, 100)
    assert learnt(network, images, labels, 1) == learnt(network, images, labels, 1)
    assert learnt(network, images, labels, 1) != learnt(network, images, labels, 2)
    answering, _ = softmax_cross_entropy(network.logits(images).T, labels)
    assert network.loss_and_gradients(images, labels) == pytest.approx(answering, rel=1e-6)


def test_one_generator_gives_another_mask_at_each_step(rng):
    network = network_of(Dropout(0.5), rng)
    images, labels = rng.random((4, 3, 3), np.float32), np.arange(4)
    training = Training(np.random.default_rng(1))
    losses = {network.loss_and_gradients(images, labels, training=training) for _ in range(5)}
    assert len(losses) == 5


def test_images_of_a_batch_have_masks_of_their_own(rng):
    """Those of another shard too: the same image, and yet another gradient of it."""
    network = network_of(Dropout(0.5), rng)
    image = rng.random((1, 3, 3), np.float32)
    for count in (2, 65):  # 65 is cut
        images = np.repeat(image, count, axis=0)
        once = network.loss_and_gradients(
            images[:1], np.array([3]), training=Training(np.random.default_rng(1))
        )
        assert learnt(network, images, np.full(count, 3), 1)[0] != pytest.approx(once, rel=1e-3)


@pytest.mark.parametrize("cores", [1, 2, 5])
@pytest.mark.parametrize("name", ["mlp-relu", "cnn-2", "best"])
def test_bytes_in_training_do_not_depend_on_the_number_of_cores(name, cores, rng, monkeypatch):
    network = build_network(name, rng=rng)
    start = network.state()
    images, labels = rng.random((150, 28, 28), np.float32), rng.integers(0, 10, 150)
    expected = learnt(network, images, labels, 3)
    network.load_state(start)
    with ThreadPoolExecutor(cores) as pool:
        monkeypatch.setattr(threads, "cores", lambda: cores)
        monkeypatch.setattr(threads, "_pool", lambda: pool)
        assert learnt(network, images, labels, 3) == expected


def test_batch_normalisation_sees_the_whole_batch_however_large(rng):
    """150 images are more than a thread takes at a time; their statistics are those of all 150."""
    network = network_of(BatchNorm(12), rng).astype(np.float64)
    images, labels = 2 + rng.standard_normal((150, 3, 3)), rng.integers(0, 10, 150)
    hidden = images.reshape(150, 9) @ network.parameters[0].value.T
    network.loss_and_gradients(images, labels, training=Training(rng))
    state = network.state()
    np.testing.assert_allclose(state["middle.mean"], 0.1 * hidden.mean(axis=0), rtol=1e-10)
    np.testing.assert_allclose(state["middle.variance"], 0.9 + 0.1 * hidden.var(axis=0, ddof=1), rtol=1e-10)


def test_without_an_rng_statistics_are_used_and_not_moved(rng):
    network = network_of(BatchNorm(12), rng)
    images, labels = rng.random((20, 3, 3), np.float32), rng.integers(0, 10, 20)
    network.loss_and_gradients(images, labels, training=Training(rng))
    before = network.state()
    loss = network.loss_and_gradients(images, labels)
    network.logits(images)
    assert all(value.tobytes() == before[name].tobytes() for name, value in network.state().items())
    assert loss == pytest.approx(softmax_cross_entropy(network.logits(images).T, labels)[0], rel=1e-6)


def test_running_statistics_belong_to_the_state_but_not_to_the_parameters(rng):
    network = network_of(BatchNorm(12), rng)
    names = [parameter.name for parameter in network.parameters]
    assert names == ["f1.weight", "f1.bias", "middle.gain", "middle.bias", "output.weight", "output.bias"]
    assert list(network.state()) == [*names, "middle.mean", "middle.variance"]
    assert network.parameter_count == 12 * 9 + 12 + 2 * 12 + 10 * 12 + 10


def test_answers_go_round_with_the_running_statistics(rng):
    network, other = network_of(BatchNorm(12), rng), network_of(BatchNorm(12), rng)
    images, labels = rng.random((20, 3, 3), np.float32), rng.integers(0, 10, 20)
    network.loss_and_gradients(images, labels, training=Training(rng))
    other.load_state(network.state())
    assert other.logits(images).tobytes() == network.logits(images).tobytes()
    state = network.state()
    del state["middle.mean"]
    with pytest.raises(ShapeError, match="has the arrays"):
        other.load_state(state)


def test_astype_turns_the_running_statistics_too(rng):
    network = network_of(BatchNorm(12), rng).astype(np.float64)
    assert {value.dtype for value in network.state().values()} == {np.dtype(np.float64)}
    network.loss_and_gradients(rng.random((4, 3, 3)), np.arange(4), training=Training(rng))
    assert {value.dtype for value in network.state().values()} == {np.dtype(np.float64)}


# **** input scaling ****


def test_scaling_is_done_before_the_first_layer(rng):
    scaling = InputScaling(threshold=0.2, mean=0.3, deviation=0.5)
    network = Network([("flatten", Flatten())], input_shape=(1, 4, 5), architecture="flat", scaling=scaling)
    images = rng.random((7, 4, 5))
    expected = (np.where(images < 0.2, 0, images) - 0.3) / 0.5
    np.testing.assert_allclose(network.logits(images), expected.reshape(7, 20), rtol=1e-14)


def test_scaled_network_equals_an_unscaled_one_on_scaled_images(rng):
    scaling = InputScaling(mean=0.3, deviation=0.5)
    seed = 11
    scaled, plain = (tiny_network(np.random.default_rng(seed)).astype(np.float64) for _ in range(2))
    scaled.scaling = scaling
    images, labels = rng.random((5, 6, 6)), np.arange(5)
    np.testing.assert_allclose(scaled.logits(images), plain.logits(scaling(images)), rtol=1e-12)
    loss = scaled.loss_and_gradients(images, labels)
    assert loss == pytest.approx(plain.loss_and_gradients(scaling(images), labels), rel=1e-12)
    for a, b in zip(scaled.parameters, plain.parameters, strict=True):
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-10, atol=1e-14)


# **** a look inside ****


@pytest.mark.parametrize(
    ("name", "count"),
    # of some more than is read at once: of such large maps as CIFAR-10's that is less
    [*((name, 1) for name in ARCHITECTURES), ("lenet5", 300), ("best", 300), ("cifar10", 140)],
)
def test_a_trace_ends_in_the_very_logits_of_a_reading(name, count, rng):
    network = build_network(name, rng=rng)
    images = rng.random((count, *network.input_shape), np.float32)
    trace = network.trace(images)
    assert trace.logits.tobytes() == network.logits(images).tobytes()
    assert {name: output.shape for name, output in trace.outputs.items()} == {
        name: (count, *shape) for name, shape in network.shapes.items()
    }


def test_a_trace_holds_what_each_layer_reads_and_gives(rng):
    network = tiny_network(rng)
    network.scaling = InputScaling(mean=0.5, deviation=0.25)
    images = rng.random((3, 6, 6), np.float32)
    trace = network.trace(images)
    np.testing.assert_allclose(trace.inputs[:, 0], 4 * images - 2, rtol=1e-6)
    assert trace.read_by("c1") is trace.inputs
    for name, layer in network.layers.items():
        read = np.moveaxis(trace.read_by(name), 0, -1)
        np.testing.assert_allclose(np.moveaxis(layer.forward(read)[0], -1, 0), trace.outputs[name], rtol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 300])
def test_features_are_what_the_last_layer_reads_which_is_not_asked(count, lenet5, rng, monkeypatch):
    images = rng.random((count, *lenet5.input_shape), np.float32)
    *_, name = lenet5.layers
    expected = lenet5.trace(images).read_by(name)
    monkeypatch.setattr(lenet5.layers[name], "forward", lambda x: pytest.fail("asked"))
    assert lenet5.features(images).shape == expected.shape
    assert lenet5.features(images).tobytes() == expected.tobytes()


def test_a_trace_of_no_image_is_empty(lenet5):
    assert lenet5.trace(np.zeros((0, 28, 28), np.float32)).logits.shape == (0, 10)


@pytest.mark.parametrize("scaling", [UNSCALED, InputScaling(threshold=0.1, mean=0.2, deviation=0.3)])
def test_the_gradient_of_the_input_is_that_of_central_differences(scaling, rng):
    network = tiny_network(rng).astype(np.float64)
    network.scaling = scaling
    # away from the kinks of ReLU and of the threshold
    images, dlogits = spaced_values(rng, (3, 6, 6)), rng.standard_normal((3, 10))

    def loss():
        return float((network.logits(images) * dlogits).sum())

    compare_gradient(loss, images, network.input_gradient(images, dlogits), name="images", rng=rng)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_has_a_gradient_of_its_input(name, rng):
    network = build_network(name, rng=rng).astype(np.float64)
    shape = (2, *network.input_shape)
    images, dlogits = 0.11 + 0.8 * rng.random(shape), rng.standard_normal((2, network.classes))

    def loss():
        return float((network.logits(images) * dlogits).sum())

    compare_gradient(
        loss, images, network.input_gradient(images, dlogits), name="images", rng=rng, entries=20
    )


def test_the_gradient_of_many_images_is_that_of_each(lenet5, rng):
    images, dlogits = rng.random((70, 28, 28), np.float32), rng.standard_normal((70, 10)).astype(np.float32)
    together = lenet5.input_gradient(images, dlogits)
    assert together.shape == images.shape
    alone = lenet5.input_gradient(images[68:69], dlogits[68:69])
    np.testing.assert_allclose(together[68:69], alone, rtol=1e-4, atol=1e-5)


def test_the_gradient_of_the_input_leaves_those_of_the_parameters_alone(lenet5, rng):
    before = [parameter.grad.copy() for parameter in lenet5.parameters]
    lenet5.input_gradient(rng.random((2, 28, 28), np.float32), np.ones((2, 10), np.float32))
    for parameter, grad in zip(lenet5.parameters, before, strict=True):
        np.testing.assert_array_equal(parameter.grad, grad)


def test_dlogits_of_another_shape_are_refused(lenet5):
    with pytest.raises(ShapeError, match=r"2 images need dlogits of shape \(2, 10\), got \(10,\)"):
        lenet5.input_gradient(np.zeros((2, 28, 28), np.float32), np.ones(10))


# **** shards ****


class Counting(Tanh):
    """A layer that writes down how many images it gets at a time."""

    def __init__(self):
        super().__init__()
        self.sizes = []

    def forward(self, x, *more, **options):
        self.sizes.append(x.shape[-1])
        return super().forward(x, *more, **options)


@pytest.mark.parametrize(
    ("side", "of_a_step", "of_an_answer"),
    [
        (28, [64, 64, 64, 8], [256, 256, 88]),
        (96, [32] * 6 + [8], [128] * 4 + [88]),  # 9,216 numbers an image are many: half as many images
        (160, [16] * 12 + [8], [64] * 9 + [24]),
    ],
)
def test_batches_go_through_the_layers_in_pieces_that_fit_into_the_cache(side, of_a_step, of_an_answer, rng):
    count = Counting()
    network = Network(
        [("count", count), ("flatten", Flatten()), ("out", Dense(side**2, 3, rng=rng))],
        input_shape=(1, side, side),
        architecture="counting",
    )
    images, labels = rng.random((600, side, side), np.float32), rng.integers(0, 3, 600)
    network.loss_and_gradients(images[:200], labels[:200])
    assert sorted(count.sizes, reverse=True) == of_a_step
    count.sizes.clear()
    network.logits(images)
    assert sorted(count.sizes, reverse=True) == of_an_answer


def test_each_image_is_compared_with_what_the_teacher_says_of_it(rng):
    network = build_network("mlp-tanh", rng=rng)
    count = 3 * SHARD + 5  # taken in several pieces
    images, teacher = rng.random((count, 28, 28), np.float32), rng.standard_normal((count, 10))
    seen = []

    def loss(logits, labels, *, teacher):
        seen.append((labels.tolist(), teacher.T.tolist()))
        return softmax_cross_entropy(logits, labels)

    labels = np.arange(count) % 10
    network.loss_and_gradients(images, labels, loss=loss, teacher=teacher)
    seen.sort(key=lambda part: teacher.tolist().index(part[1][0]))
    assert [label for part, _ in seen for label in part] == labels.tolist()
    assert [row for _, part in seen for row in part] == teacher.tolist()
    assert len(seen) == 4
