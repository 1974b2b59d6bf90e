"""app/page/scores.py: what a network's facts tell of each data set."""

from dataclasses import replace

import pytest

from app.page.scores import scores_of
from app.store.networks import SHIPPED
from engine.reading.evaluation import SetFacts
from engine.storage.saved_network import load_facts
from tests.app.fakes import FACTS


@pytest.fixture
def facts():
    return load_facts(SHIPPED)


def test_every_set_that_was_measured_has_its_share(facts):
    scores = scores_of(facts)
    assert list(scores) == ["mnist", "pendigits", "synthetic", "not-digits"]
    assert scores["mnist"] == facts.test.accuracy
    assert scores["pendigits"] == facts.test.drawings[0].accuracy
    assert scores["not-digits"] == facts.confidence.rejection.not_digits_rejected


def test_a_source_that_is_named_counts_whatever_the_title(facts):
    part = SetFacts("penne", 10, 0.5, (0.4, 0.6), source="pendigits")
    test = replace(facts.test, dataset="tests", source="synthetic", drawings=(part,))
    scores = scores_of(replace(facts, test=test))
    assert (scores["synthetic"], scores["pendigits"]) == (facts.test.accuracy, 0.5)
    assert "mnist" not in scores


def test_a_title_that_nobody_knows_tells_of_no_set(facts):
    test = replace(facts.test, dataset="my own", source="", drawings=())
    assert list(scores_of(replace(facts, test=test))) == ["not-digits"]


def test_what_was_never_measured_has_no_share():
    assert scores_of(FACTS) == {}
