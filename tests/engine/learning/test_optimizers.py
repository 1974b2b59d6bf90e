"""Optimizers: two steps of each worked by hand, Adam against its paper, and what all of them share."""

import numpy as np
import pytest

from engine.errors import ConfigurationError, ShapeError
from engine.learning.optimizers import OPTIMIZERS, SGD, Adam, LevenbergMarquardt, Optimizer, RMSprop
from engine.nn.architectures import build_network
from engine.nn.layers import Parameter
from engine.nn.network import Network

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


def test_two_steps_of_nesterov_by_hand():
    optimizer = SGD([parameter(1.0, -2.0)], 0.1, momentum=0.9, nesterov=True)
    # velocity 0.5, -1; direction 0.5 + 0.9 * 0.5 = 0.95           -1 + 0.9 * -1 = -1.9
    # value    1 - 0.095 = 0.905                                  -2 + 0.19 = -1.81
    np.testing.assert_allclose(step(optimizer, 0.5, -1.0), [0.905, -1.81], rtol=1e-14)
    # velocity 0.9 * 0.5 + 0.2 = 0.65                              0.9 * -1 + 0.4 = -0.5
    # direction 0.2 + 0.9 * 0.65 = 0.785                           0.4 + 0.9 * -0.5 = -0.05
    np.testing.assert_allclose(step(optimizer, 0.2, 0.4), [0.8265, -1.805], rtol=1e-14)


def test_nesterov_is_momentum_that_looks_one_velocity_ahead():
    """Sutskever et al. (2013), equations 3 and 4, whose parameters are ours moved back by that velocity."""

    def gradient(value):  # of a bowl, and of something that is no bowl
        return 2 * value + np.sin(value)

    optimizer = SGD([parameter(3.0)], 0.1, momentum=0.8, nesterov=True)
    theta, v = 3.0, 0.0
    for _ in range(10):
        v = 0.8 * v - 0.1 * gradient(theta + 0.8 * v)
        theta = theta + v
        (only,) = optimizer.parameters
        found = step(optimizer, *gradient(only.value))
        np.testing.assert_allclose(found, theta + 0.8 * v, rtol=1e-12)


def test_two_steps_of_rmsprop_by_hand():
    optimizer = RMSprop([parameter(1.0)], 0.1, decay=0.75, epsilon=0.5)
    # square 0.75 * 0 + 0.25 * 4 = 1, root 1:     1 - 0.1 * 2 / 1.5
    np.testing.assert_allclose(step(optimizer, 2.0), 1 - 0.2 / 1.5, rtol=1e-14)
    # square 0.75 * 1 + 0.25 * 6 = 2.25, root 1.5: + 0.1 * sqrt(6) / 2
    np.testing.assert_allclose(step(optimizer, -np.sqrt(6)), 1 - 0.2 / 1.5 + 0.05 * np.sqrt(6), rtol=1e-14)


def test_two_steps_of_levenberg_marquardt_by_hand():
    optimizer = LevenbergMarquardt([parameter(1.0, -2.0)], 0.1, mu=0.5)
    # no curvature is known yet: 0.1 / 0.5 = 0.2 of the gradient
    np.testing.assert_allclose(step(optimizer, 0.5, -1.0), [0.9, -1.8], rtol=1e-14)
    optimizer.curvatures = [np.array([0.5, 3.5])]
    # steps of 0.1 / (0.5 + 0.5) = 0.1 and 0.1 / (0.5 + 3.5) = 0.025
    np.testing.assert_allclose(step(optimizer, 1.0, 4.0), [0.8, -1.9], rtol=1e-14)


def test_defaults_are_those_of_their_sources():
    only = [parameter(1.0)]
    assert LevenbergMarquardt(only).learning_rate == 0.0005  # LeCun et al. (1998), section III-B, at first
    assert RMSprop(only).decay == 0.9
    assert (SGD(only).momentum, SGD(only).nesterov) == (0, False)
    assert OPTIMIZERS["nesterov"](only, 0.1).nesterov


# **** weight decay ****


def test_a_step_of_adamw_by_hand():
    optimizer = Adam([parameter(2.0)], 0.1, weight_decay=0.5)
    # the decay first: 2 * (1 - 0.1 * 0.5) = 1.9; then the first step of Adam is the learning rate: 1.8
    np.testing.assert_allclose(step(optimizer, 3.0), 1.8, rtol=1e-8)
    # without a gradient's direction left, decay alone remains in the first moment's shadow
    still = Adam([parameter(2.0)], 0.1, weight_decay=0.5)
    np.testing.assert_allclose(step(still, 0.0), 1.9, rtol=1e-14)


def test_decay_does_not_pass_through_adams_moments():
    """What makes it AdamW: as an L2 penalty, 1e6 * the weight would be normalised away."""
    decayed = Adam([parameter(2.0)], 0.1, weight_decay=0.5)
    step(decayed, 3.0)
    assert decayed.first_moments[0] == pytest.approx(0.1 * 3)
    assert decayed.second_moments[0] == pytest.approx(0.001 * 9)


def test_decay_of_plain_sgd_is_an_l2_penalty(rng):
    decayed, penalised = parameter(2.0, -3.0), parameter(2.0, -3.0)
    first, second = SGD([decayed], 0.1, weight_decay=0.01), SGD([penalised], 0.1)
    for _ in range(5):
        gradient = rng.standard_normal(2)
        step(first, *gradient)
        step(second, *(gradient + 0.01 * penalised.value))
    np.testing.assert_allclose(decayed.value, penalised.value, rtol=1e-14)


@every_optimizer
@pytest.mark.parametrize("kind", ["c1.weight", "c1.bias", "s2.gain", "n1.gain", "n1.bias"])
def test_only_weights_decay(name, kind):
    only = Parameter(kind, np.array([2.0]))
    optimizer = OPTIMIZERS[name]([only], 0.1, weight_decay=0.25)
    only.grad = np.zeros(1)
    optimizer.step()
    assert only.value == pytest.approx(2 * (1 - 0.1 * 0.25) if kind.endswith("weight") else 2)


@every_optimizer
def test_no_weight_decay_is_the_default(name, rng):
    plain, zero = parameter(2.0), parameter(2.0)
    first, second = OPTIMIZERS[name]([plain], 0.1), OPTIMIZERS[name]([zero], 0.1, weight_decay=0.0)
    for gradient in rng.standard_normal(3):
        assert step(first, gradient) == step(second, gradient)


@every_optimizer
@pytest.mark.parametrize("weight_decay", [-0.1, float("nan"), float("inf")])
def test_weight_decay_must_not_be_below_zero(name, weight_decay):
    with pytest.raises(ConfigurationError, match=f"weight decay must be 0 or more, got {weight_decay}"):
        OPTIMIZERS[name]([parameter(1.0)], 0.1, weight_decay=weight_decay)


# **** what is remembered ****


@pytest.mark.parametrize(
    "name, arrays",
    [("sgd", 0), ("momentum", 2), ("nesterov", 2), ("rmsprop", 2), ("adam", 4), ("levenberg-marquardt", 2)],
)
def test_state_lists_every_array_that_is_remembered(name, arrays, rng):
    parameters = [Parameter("weight", rng.random((3, 4))), Parameter("bias", rng.random(4))]
    state = OPTIMIZERS[name](parameters, 0.1).state()
    assert len(state) == arrays
    assert [array.shape for array in state] == arrays // 2 * [(3, 4), (4,)]


@every_optimizer
def test_optimizer_goes_on_from_the_state_and_t_of_another(name, rng):
    """What a checkpoint needs: the arrays themselves, filled in, and the number of steps."""
    gradients = rng.standard_normal((6, 3))
    through = OPTIMIZERS[name]([parameter(1.0, 2.0, 3.0)], 0.1)
    for gradient in gradients[:3]:
        step(through, *gradient)
    resumed = OPTIMIZERS[name]([parameter(*through.parameters[0].value)], 0.1)
    resumed.t = through.t
    for array, remembered in zip(resumed.state(), through.state(), strict=True):
        array[...] = remembered
    for gradient in gradients[3:]:
        assert step(resumed, *gradient).tobytes() == step(through, *gradient).tobytes()


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


class AdamThatCountsEpochs(Adam):
    """A planted fault: its t moves on every third step only."""

    def step(self):
        counted = self.t
        super().step()
        self.t = max(1, (counted + 1) if self.calls % 3 == 0 else counted)
        self.calls += 1

    calls = 0


def test_adam_that_counts_epochs_is_told_from_the_papers(rng):
    gradients = rng.standard_normal(9)
    expected = adam_of_the_paper(1.0, gradients, 0.1)
    right, wrong = Adam([parameter(1.0)], 0.1), AdamThatCountsEpochs([parameter(1.0)], 0.1)
    for gradient in gradients:
        found, faulty = step(right, gradient), step(wrong, gradient)
    assert found == pytest.approx(expected, rel=1e-12)
    assert faulty != pytest.approx(expected, rel=1e-3)


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
    if isinstance(optimizer, LevenbergMarquardt):
        optimizer.curvatures = [np.ones(2)]  # those of the bowl
    for t in range(500):
        optimizer.learning_rate = 0.05 * (1 - t / 500)  # RMSprop's steps are no smaller near the bottom
        step(optimizer, *only.value)  # the gradient of |value|² / 2
    assert np.abs(only.value).max() < 0.01


def test_levenberg_marquardt_walks_a_narrow_valley_evenly():
    """Curvatures 100 and 1: each number takes a step of its own size, so both arrive together."""
    only = parameter(1.0, 1.0)
    optimizer = LevenbergMarquardt([only], 0.5, mu=1e-9)
    optimizer.curvatures = [np.array([100.0, 1.0])]
    for t in range(1, 11):
        step(optimizer, *([100.0, 1.0] * only.value))
        np.testing.assert_allclose(only.value, 0.5**t, rtol=1e-6)


@pytest.mark.parametrize("mu", [0, -1, float("nan")])
def test_mu_must_be_above_zero(mu):
    with pytest.raises(ConfigurationError, match=f"mu must be above 0, got {mu}"):
        LevenbergMarquardt([parameter(1.0)], 0.1, mu=mu)


@pytest.mark.parametrize("decay", [1, -0.1, float("nan")])
def test_rmsprops_decay_must_be_in_its_range(decay):
    with pytest.raises(ConfigurationError, match=f"RMSprop's decay must be in 0…1.*got {decay}"):
        RMSprop([parameter(1.0)], 0.1, decay=decay)


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


def test_nesterov_without_momentum_is_refused():
    with pytest.raises(ConfigurationError, match="needs a momentum above 0"):
        SGD([parameter(1.0)], 0.1, nesterov=True)


# **** what they remember ****


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_goes_on_from_what_another_remembers(name, rng):
    """Two steps by one are a step by one and a step by another that has taken over its state."""
    start, gradients = rng.random(5), rng.standard_normal((2, 5))
    whole, first, second = parameter(start), parameter(start), parameter(start)
    one, begun, taken_over = (OPTIMIZERS[name]([p], 0.1) for p in (whole, first, second))
    for gradient in gradients:
        whole.grad = gradient
        one.step()
    first.grad = gradients[0]
    begun.step()
    second.value = first.value.copy()
    taken_over.load_state(begun.t, [array.copy() for array in begun.state()])
    second.grad = gradients[1]
    taken_over.step()
    assert second.value.tobytes() == whole.value.tobytes()
    assert taken_over.t == 2


@pytest.mark.parametrize("state", [[], [np.zeros(5)], [np.zeros(4), np.zeros(5)]])
def test_optimizer_refuses_a_state_of_other_shapes(state):
    with pytest.raises(ShapeError, match="Adam remembers the arrays"):
        Adam([parameter(np.zeros(5))], 0.1).load_state(1, state)
