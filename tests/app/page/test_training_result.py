"""app/page/training_result.py: two networks side by side, and what is said of them."""

from app.jobs.records import Comparison, SetResult
from app.language import speaking
from app.page.training_result import result_of, verdict, warnings
from engine.reading.evaluation import PairedTally, Tally
from tests.app.reports.marked import marked, unmarked_words


def result(source, count, *, both, only_present, only_new):
    pair = PairedTally(count, both, only_first=only_present, only_second=only_new)
    return SetResult(source, pair.second, pair)


BETTER = result("pendigits", 1000, both=980, only_present=1, only_new=12)
CHANCE = result("synthetic", 1000, both=980, only_present=5, only_new=3)
WORSE = result("mnist", 1000, both=900, only_present=60, only_new=10)
WORSE_DRAWINGS = result("synthetic", 1000, both=900, only_present=30, only_new=10)
NO_REJECTION = result("not-digits", 1000, both=0, only_present=970, only_new=0)
ALONE = SetResult("mnist", Tally(900, 1000), None)


def test_the_two_networks_stand_side_by_side_on_every_set():
    shown = result_of(Comparison((WORSE, CHANCE, BETTER, NO_REJECTION)), "lenet5, 8 epochs")
    assert shown.name == "lenet5, 8 epochs"
    assert [tuple(vars(row).values()) for row in shown.rows] == [
        ("MNIST", "1,000", "96.00 %", "91.00 %", "−5.00 points"),
        ("Synthetic digits", "1,000", "98.50 %", "98.30 %", "−0.20 points, may be chance"),
        ("Pen digits", "1,000", "98.10 %", "99.20 %", "+1.10 points"),
        ("Drawings of no digit", "1,000", "97.00 %", "0.00 %", "−97.00 points"),
    ]


def test_where_the_present_network_is_gone_the_new_one_stands_alone():
    shown = result_of(Comparison((ALONE,)), "new")
    assert shown.verdict == "The present network's folder is gone, so the new one stands alone."
    assert shown.warnings == ""
    (row,) = shown.rows
    assert (row.present, row.new, row.difference) == ("–", "90.00 %", "")


def test_a_set_that_both_read_equally_well_differs_by_nothing():
    equal = result("mnist", 1000, both=980, only_present=4, only_new=4)
    assert result_of(Comparison((equal,)), "new").rows[0].difference == "none"


def test_the_verdict_is_the_worst_difference():
    assert verdict(Comparison((CHANCE, WORSE, BETTER))) == (
        "The new network does worst on MNIST: of 1,000 it reads right 91.00 %, the present one 96.00 %."
    )
    assert verdict(Comparison((WORSE, NO_REJECTION))) == (
        "The new network does worst on drawings of no digit: of 1,000 it calls no digit 0.00 %, "
        "the present one 97.00 %."
    )


def test_what_is_no_chance_comes_before_a_larger_difference_that_may_be():
    few = result("synthetic", 20, both=15, only_present=3, only_new=1)
    assert " worst on MNIST: " in verdict(Comparison((few, WORSE)))


def test_a_difference_that_may_be_chance_says_so():
    told = verdict(Comparison((BETTER, CHANCE)))
    assert told.endswith("98.30 %, the present one 98.50 %. So small a difference may be chance.")
    assert warnings(Comparison((BETTER, CHANCE))) == ""


def test_where_nothing_is_worse_that_is_said():
    told = "The new network does no worse than the present one on any test set."
    assert verdict(Comparison((BETTER,))) == told
    assert warnings(Comparison((BETTER,))) == ""


def test_every_set_that_is_worse_by_more_than_chance_is_warned_of():
    assert warnings(Comparison((WORSE, CHANCE, WORSE_DRAWINGS))) == (
        "It does worse on MNIST and synthetic digits, by more than chance."
    )


def test_a_network_that_no_longer_rejects_is_warned_of():
    lost = (
        "It cannot tell what is not a digit, as the present one can: it reads a star or a scribble as "
        "some digit."
    )
    assert warnings(Comparison((BETTER, NO_REJECTION))) == lost
    assert warnings(Comparison((WORSE, NO_REJECTION))) == (
        f"It does worse on MNIST, by more than chance. {lost}"
    )
    never = result("not-digits", 1000, both=0, only_present=0, only_new=0)
    assert warnings(Comparison((never,))) == ""  # the present one could not either
    fewer = result("not-digits", 1000, both=900, only_present=70, only_new=0)
    assert "worse on drawings of no digit" in warnings(Comparison((fewer,)))


def test_the_result_is_told_in_another_language():
    none = result("pendigits", 1000, both=980, only_present=4, only_new=4)
    with marked():
        for sets in ((WORSE, CHANCE, none, NO_REJECTION), (BETTER,), (CHANCE,), (NO_REJECTION,), (ALONE,)):
            shown = result_of(Comparison(sets), "7")
            rows = [text for row in shown.rows for text in vars(row).values()]
            assert not unmarked_words(shown.verdict, shown.warnings, *rows)
        assert "«MNIST» and «synthetic digits»" in warnings(Comparison((WORSE, WORSE_DRAWINGS)))
        assert "«synthetic digits»" in verdict(Comparison((WORSE_DRAWINGS,)))


def test_the_sets_are_joined_as_the_language_does():
    with speaking("it"):
        told = warnings(Comparison((WORSE, WORSE_DRAWINGS)))
    assert " MNIST e " in told


def test_one_that_goes_on_is_kept_if_it_reads_nothing_worse_by_more_than_chance():
    assert result_of(Comparison((CHANCE, BETTER)), "new", goes_on=True).is_kept
    assert not result_of(Comparison((WORSE, BETTER)), "new", goes_on=True).is_kept
    assert result_of(Comparison((WORSE, BETTER)), "new").is_kept  # another network may serve all the same


def test_the_digits_of_ones_own_are_told_apart():
    own = result("my-digits", 4, both=1, only_present=0, only_new=2)
    learnt = result("my-digits-learnt", 16, both=4, only_present=0, only_new=12)
    first, second = result_of(Comparison((own, learnt)), "new").rows
    assert (first.name, first.difference) == (
        "Digits of your own that it did not learn",
        "+50.00 points, may be chance",
    )
    assert (second.name, second.difference) == ("Digits of your own that it learnt", "+75.00 points")


def test_one_that_goes_on_and_forgets_earlier_lessons_is_not_kept():
    forgotten = result("my-digits-earlier", 20, both=9, only_present=8, only_new=0)
    found = result_of(Comparison((BETTER, forgotten)), "new", goes_on=True)
    assert (found.rows[1].name, found.is_kept) == ("Digits of earlier lessons", False)
    assert found.warnings == "It does worse on digits of earlier lessons, by more than chance."
