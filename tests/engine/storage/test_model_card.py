"""The model card: says what the facts hold, and nothing that they do not."""

from dataclasses import replace

from engine import Augmentation, Confidence, EpochRecord, TrainingConfig
from engine.learning.training import TrainingFacts
from engine.learning.training_config import TeacherFacts
from engine.nn.scaling import InputScaling
from engine.reading.evaluation import Misread, SetFacts, TestFacts
from engine.reading.rejection import Rejection
from engine.storage.model_card import model_card
from engine.storage.network_facts import Framing, InputFacts, NetworkFacts

TEST = TestFacts(
    dataset="MNIST's test set", count=10_000, accuracy=0.9931, interval=(0.9913, 0.9945),
    accuracy_first_half=0.991, accuracy_second_half=0.9952, loss=0.0217,
)  # fmt: skip
TRAINING = TrainingFacts(
    dataset="MNIST", train_count=55_000, validation_count=5_000, command="python main.py --mode train",
    seconds=123.4, chosen=EpochRecord(7, 12_040, 0.001, 0.01, 0.99, 0.02, 0.9912, 96.0),
    config=TrainingConfig(epochs=9, augmentation=Augmentation(shift=1.5)),
)  # fmt: skip


def card(test=None, training=None, *, framing=True, confidence=None):
    shown = InputFacts((1, 28, 28), InputScaling(), Framing() if framing else None)
    return model_card(
        NetworkFacts("lenet5", 44_426, shown, confidence or Confidence(), training=training, test=test)
    )


def test_figures_stand_on_the_card_with_their_command():
    text = card(TEST, TRAINING)
    for figure in (
        "44,426 parameters", "10,000 images of MNIST's test set",
        "99.31 % (95 % interval 99.13 % to 99.45 %)",
        "99.10 %, 99.52 %", "0.0217", "55,000 images", "`python main.py --mode train`", "123 s for 9 epochs",
        "| chosen epoch | 7, validation accuracy 99.12 % |", "| learning rate | 0.003 |", "shift 1.5",
    ):  # fmt: skip
        assert figure in text


def test_the_card_tells_who_taught_a_network():
    teachers = (TeacherFacts("saved_network", "ab12"), TeacherFacts("lenet5", "cd34"))
    taught = replace(TRAINING, config=TrainingConfig(distil=0.5, teachers=teachers))
    assert "| teachers | name saved_network, sha256 ab12; name lenet5, sha256 cd34 |\n" in card(TEST, taught)
    assert "teachers" not in card(TEST, TRAINING)


def test_the_card_tells_that_a_training_was_ended_by_hand():
    text = card(TEST, replace(TRAINING, ended_after=1234))
    assert "| time | 123 s for 1,234 steps, after which it was ended by hand |" in text
    assert "9 epochs" not in text


def test_a_network_without_facts_claims_nothing():
    text = card()
    assert "Tested" not in text
    assert "Trained" not in text


def test_the_card_tells_what_is_misread_and_how_drawings_are_read():
    more = replace(
        TEST,
        calibration_error=0.0026,
        misread=(Misread(4, 9, 5), Misread(5, 3, 2)),
        drawings=(
            SetFacts("pen digits", 7494, 0.9512, (0.946, 0.956)),
            SetFacts("pencil", 473, 0.949, (0.926, 0.966)),
        ),
    )
    text = card(more, TRAINING)
    for line in (
        "| calibration error | confidence and accuracy lie 0.26 points apart on average |",
        "| misread most often | 4 as 9 (5), 5 as 3 (2) |",
        "| pen digits | 7,494 | 95.1 % | 94.6 % to 95.6 % |",
        "| pencil | 473 | 94.9 % | 92.6 % to 96.6 % |",
    ):
        assert f"{line}\n" in text
    assert "calibration" not in card(TEST, TRAINING)
    assert "misread" not in card(replace(TEST, misread=()), TRAINING)


def test_only_what_reads_digits_is_said_to():
    assert "one digit, 0 to 9" in card()
    assert "one digit" not in card(framing=False)


def test_the_card_tells_what_is_called_no_digit():
    text = card(confidence=Confidence(0.885, Rejection(3.1, 0.0063, 0.996, 0.9991)))
    for part in ("divided by 0.885", "below 3.10", "0.63 % of the validation digits", "99.6 %", "0.9991"):
        assert part in text
    assert "Confidence" not in card(confidence=Confidence(0.885))


def test_a_network_of_a_loop_of_ones_own_gets_a_card_without_what_only_the_program_knows():
    text = card(replace(TEST, dataset=""), replace(TRAINING, dataset="", command=""))
    assert "On 10,000 images, read once" in text
    assert "On 55,000 images; 5,000 others of it chose the epoch." in text
    assert "command" not in text
