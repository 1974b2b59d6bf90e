"""The model card: says what the facts hold, and nothing that they do not."""

from engine.model_card import model_card

TEST = {
    "dataset": "MNIST's test set", "count": 10_000, "accuracy": 0.9931, "interval": [0.9913, 0.9945],
    "accuracy_first_half": 0.991, "accuracy_second_half": 0.9952, "loss": 0.0217,
}  # fmt: skip
TRAINING = {
    "dataset": "MNIST", "train_count": 55_000, "validation_count": 5_000,
    "command": "python main.py --mode train",
    "seconds": 123.4, "chosen": {"epoch": 7, "validation_accuracy": 0.9912},
    "config": {"epochs": 9, "learning_rate": 0.003, "augmentation": {"shift": 1.5}},
}  # fmt: skip


def card(test, training, *, framing=True, confidence=None):
    return model_card(
        {
            "architecture": "lenet5",
            "parameters": 44_426,
            "input": {"framing": {"box": 20}} if framing else {},
            "confidence": confidence or {},
            "test": test,
            "training": training,
        }
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


def test_a_network_without_facts_claims_nothing():
    text = card({}, {})
    assert "Tested" not in text
    assert "Trained" not in text


def test_the_card_tells_what_is_misread_and_how_drawings_are_read():
    more = {
        "calibration_error": 0.0026,
        "misread": [{"label": 4, "answer": 9, "count": 5}, {"label": 5, "answer": 3, "count": 2}],
        "drawings": [
            {"name": "pen digits", "count": 7494, "accuracy": 0.9512, "interval": [0.946, 0.956]},
            {"name": "pencil", "count": 473, "accuracy": 0.949, "interval": [0.926, 0.966]},
        ],
    }
    text = card(TEST | more, TRAINING)
    for line in (
        "| calibration error | confidence and accuracy lie 0.26 points apart on average |",
        "| misread most often | 4 as 9 (5), 5 as 3 (2) |",
        "| pen digits | 7,494 | 95.1 % | 94.6 % to 95.6 % |",
        "| pencil | 473 | 94.9 % | 92.6 % to 96.6 % |",
    ):
        assert f"{line}\n" in text
    assert "calibration" not in card(TEST, TRAINING)
    assert "misread" not in card(TEST | {"misread": []}, TRAINING)


def test_only_what_reads_digits_is_said_to():
    assert "one digit, 0 to 9" in card({}, {})
    assert "one digit" not in card({}, {}, framing=False)


def test_the_card_tells_what_is_called_no_digit():
    rejection = {
        "least_evidence": 3.1, "digits_rejected": 0.0063, "not_digits_rejected": 0.996, "auc": 0.9991,
    }  # fmt: skip
    text = card({}, {}, confidence={"temperature": 0.885, "rejection": rejection})
    for part in ("divided by 0.885", "below 3.10", "0.63 % of the validation digits", "99.6 %", "0.9991"):
        assert part in text
    assert "Confidence" not in card({}, {}, confidence={"temperature": 0.885, "rejection": None})
