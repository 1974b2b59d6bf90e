"""Optimizers: two steps of each worked by hand, Adam against its paper, and what all of them share."""

import numpy as np
import pytest

from engine.architectures import build_network
from engine.errors import ConfigurationError
from engine.layers import Parameter
from engine.network import Network
from engine.optimizers import OPTIMIZERS, SGD, Adam, Optimizer

every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def parameter(*values, dtype=np.float64):
    return Parameter("weight", np.array(values, dtype))


def step(optimizer, *gradient):
    """One step with this gradient of the only parameter; the values after it."""
    (only,) = optimizer.parameters
    only.grad = np.array(gradient, only.value.dtype)
    optimizer.step()
    return only.value.copy()


# **** by hand ****


def test_two_steps_of_sgd_by_hand():
    optimizer = SGD([parameter(1.0, -2.0)], 0.1)
    # 1 - 0.1 * 0.5 = 0.95        -2 - 0.1 * -1 = -1.9
    np.testing.assert_allclose(step(optimizer, 0.5, -1.0), [0.95, -1.9], rtol=1e-14)
    # 0.95 - 0.1 * 0.2 = 0.93     -1.9 - 0.1 * 0.4 = -1.94
    np.testing.assert_allclose(step(optimizer, 0.2, 0.4), [0.93, -1.94], rtol=1e-14)


def test_two_steps_of_momentum_by_hand():
    optimizer = SGD([parameter(1.0, -2.0)], 0.1, momentum=0.9)
    # velocity 0.9 * 0 + 0.5 = 0.5               0.9 * 0 - 1 = -1
    # value    1 - 0.1 * 0.5 = 0.95              -2 - 0.1 * -1 = -1.9
    np.testing.assert_allclose(step(optimizer, 0.5, -1.0), [0.95, -1.9], rtol=1e-14)
    # velocity 0.9 * 0.5 + 0.2 = 0.65            0.9 * -1 + 0.4 = -0.5
    # value    0.95 - 0.1 * 0.65 = 0.885         -1.9 - 0.1 * -0.5 = -1.85
    np.testing.assert_allclose(step(optimizer, 0.2, 0.4), [0.885, -1.85], rtol=1e-14)


def test_two_steps_of_adam_by_hand():
    optimizer = Adam([parameter(1.0)], 0.1, beta1=0.9, beta2=0.99, epsilon=0.01)
    # step 1, gradient 0.5
    #   m = 0.9 * 0 + 0.1 * 0.5 = 0.05           without bias: 0.05 / (1 - 0.9) = 0.5
    #   v = 0.99 * 0 + 0.01 * 0.25 = 0.0025      without bias: 0.0025 / (1 - 0.99) = 0.25
    #   1 - 0.1 * 0.5 / (sqrt(0.25) + 0.01) = 1 - 0.05 / 0.51 = 0.90196078...
    np.testing.assert_allclose(step(optimizer, 0.5), 1 - 0.05 / 0.51, rtol=1e-13)
    # step 2, gradient -1
    #   m = 0.9 * 0.05 + 0.1 * -1 = -0.055       without bias: -0.055 / (1 - 0.81) = -0.055 / 0.19
    #   v = 0.99 * 0.0025 + 0.01 * 1 = 0.012475  without bias: 0.012475 / (1 - 0.9801) = 0.012475 / 0.0199
    #   0.9019607843 + 0.1 * 0.2894736842 / (0.7917603312 + 0.01) = 0.9380655494...
    np.testing.assert_allclose(step(optimizer, -1.0), 0.9380655494, rtol=1e-10)


def test_first_step_of_adam_is_the_learning_rate_whatever_the_gradient():
    # m and v without bias are g and g², so the step is 0.1 * g / (|g| + 1e-8)
    moved = step(Adam([parameter(0.0, 0.0, 0.0)], 0.1), 1e3, -1.0, 1e-3)
    np.testing.assert_allclose(moved, [-0.1, 0.1, -0.1], rtol=1e-4)


def test_epsilon_of_adam_stands_beside_the_root_of_the_corrected_moment():
    # a gradient as small as epsilon itself: 0.1 * 1e-8 / (1e-8 + 1e-8) is half of 0.1
    np.testing.assert_allclose(step(Adam([parameter(0.0)], 0.1), 1e-8), -0.05, rtol=1e-12)


# **** Adam against its paper ****


def adam_of_the_paper(value, gradients, learning_rate):
    """Kingma and Ba (2015), algorithm 1, line by line, number by number."""
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        value = value - learning_rate * m_hat / (v_hat**0.5 + epsilon)
    return value


def test_fifty_steps_of_adam_are_those_of_the_paper(rng):
    weight, bias = Parameter("weight", rng.random((3, 4))), Parameter("bias", rng.random(4))
    starts = [weight.value.copy(), bias.value.copy()]
    gradients = [rng.standard_normal((50, 3, 4)), rng.standard_normal((50, 4))]
    optimizer = Adam([weight, bias], 0.01)
    for t in range(50):
        weight.grad, bias.grad = gradients[0][t], gradients[1][t]
        optimizer.step()
    for changed, start, history in zip([weight, bias], starts, gradients, strict=True):
        for index in np.ndindex(start.shape):
            expected = adam_of_the_paper(start[index], history[(slice(None), *index)], 0.01)
            assert changed.value[index] == pytest.approx(expected, rel=1e-12)


def test_adam_counts_steps_not_parameters():
    optimizer = Adam([parameter(1.0), parameter(2.0)])
    assert optimizer.t == 0
    for t in range(1, 6):
        optimizer.step()
        assert optimizer.t == t


def test_adams_defaults_are_the_papers():
    optimizer = Adam([parameter(1.0)])
    assert optimizer.learning_rate == 0.001
    assert (optimizer.beta1, optimizer.beta2) == (0.9, 0.999)
    assert optimizer.epsilon == 1e-8


# **** what all optimizers share ****


@every_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_step_keeps_dtype_and_gradients(name, dtype, rng):
    only = Parameter("weight", rng.standard_normal((3, 4)).astype(dtype))
    optimizer = OPTIMIZERS[name]([only], 0.1)
    gradient = rng.standard_normal((3, 4)).astype(dtype)
    only.grad = gradient.copy()
    for _ in range(2):
        optimizer.step()
    assert only.value.dtype == dtype
    assert only.grad.tobytes() == gradient.tobytes()


@every_optimizer
def test_parameters_move_each_on_its_own(name):
    first, second, alone = parameter(1.0), parameter(5.0), parameter(1.0)
    together, single = OPTIMIZERS[name]([first, second], 0.1), OPTIMIZERS[name]([alone], 0.1)
    for gradient in (0.5, -2.0, 0.25):
        first.grad = alone.grad = np.array([gradient])
        second.grad = np.array([100.0])
        together.step()
        single.step()
    assert first.value == alone.value
    assert second.value != 5


@every_optimizer
def test_learning_rate_set_between_steps_acts_at_once(name):
    """From one gradient to the next equal one, a tenth of the rate is about a tenth of the way."""
    slow, fast = parameter(0.0), parameter(0.0)
    slowing, steady = OPTIMIZERS[name]([slow], 0.1), OPTIMIZERS[name]([fast], 0.1)
    start = step(slowing, 1.0)
    assert step(steady, 1.0) == start
    slowing.learning_rate = 0.01
    np.testing.assert_allclose(step(slowing, 1.0) - start, (step(steady, 1.0) - start) / 10)


@every_optimizer
def test_values_loaded_after_construction_are_the_ones_that_move(name, rng):
    network = build_network("lenet5", rng=rng)
    optimizer = OPTIMIZERS[name](network.parameters, 0.1)
    state = network.state()
    network.load_state(state)
    network.loss_and_gradients(rng.random((2, 28, 28), np.float32), np.array([1, 2]))
    optimizer.step()
    assert all((network.state()[key] != state[key]).any() for key in state)


@every_optimizer
def test_optimizers_walk_down_a_bowl(name):
    only = parameter(3.0, -2.0)
    optimizer = OPTIMIZERS[name]([only], 0.05)
    for _ in range(500):
        step(optimizer, *only.value)  # the gradient of |value|² / 2
    assert np.abs(only.value).max() < 0.01


@every_optimizer
@pytest.mark.parametrize("learning_rate", [0, -0.1, float("nan"), float("inf")])
def test_learning_rate_must_be_above_zero(name, learning_rate):
    with pytest.raises(ConfigurationError, match=f"learning rate must be above 0.*got {learning_rate}"):
        OPTIMIZERS[name]([parameter(1.0)], learning_rate)


@pytest.mark.parametrize("momentum", [-0.1, 1, 1.5, float("nan")])
def test_momentum_must_be_in_its_range(momentum):
    with pytest.raises(ConfigurationError, match=f"Momentum must be in 0…1.*got {momentum}"):
        SGD([parameter(1.0)], 0.1, momentum=momentum)


def test_momentum_of_the_table_is_sgd_with_0_9():
    optimizer = OPTIMIZERS["momentum"]([parameter(1.0)], 0.1)
    assert isinstance(optimizer, SGD)
    assert optimizer.momentum == 0.9
    assert OPTIMIZERS["sgd"]([parameter(1.0)], 0.1).momentum == 0


def test_optimizer_without_a_step_says_so():
    with pytest.raises(NotImplementedError):
        Optimizer([parameter(1.0)], 0.1).step()


# **** a network learns ****


def drawn_with_a_thick_pen(rng, count):
    """Random figures of 5x5 cells, each cell 4 pixels wide, in the 20x20 box where digits stand."""
    cells = rng.random((count, 5, 5)) < 0.4
    ink = np.kron(cells, np.ones((1, 4, 4)))
    return np.pad(ink, ((0, 0), (4, 4), (4, 4))).astype(np.float32)


def accuracy(network: Network, images, labels):
    return (network.logits(images).argmax(axis=1) == labels).mean()


def test_lenet5_learns_32_figures_by_heart_with_adam(rng):
    images, labels = drawn_with_a_thick_pen(rng, 32), rng.integers(0, 10, 32)
    network = build_network("lenet5", rng=rng)
    optimizer = Adam(network.parameters, 0.002)
    first_loss = network.loss_and_gradients(images, labels)
    for _ in range(60):
        network.loss_and_gradients(images, labels)
        optimizer.step()
    assert first_loss > 1.5
    assert network.loss_and_gradients(images, labels) < 0.1
    assert accuracy(network, images, labels) == 1.0


@pytest.mark.parametrize("name", ["beta1", "beta2"])
@pytest.mark.parametrize("value", [1, -0.1, float("nan")])
def test_adams_betas_must_be_in_their_range(name, value):
    with pytest.raises(ConfigurationError, match=f"{name} must be in 0…1.*got {value}"):
        Adam([parameter(1.0)], 0.1, **{name: value})
