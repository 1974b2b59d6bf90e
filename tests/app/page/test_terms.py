"""app/page/terms.py: each word has a sentence of its own."""

from app.page.terms import Term, explanation
from tests.app.reports.marked import marked, unmarked_words


def test_every_term_is_explained_in_a_sentence_of_its_own():
    sentences = [explanation(term) for term in Term]
    assert len(set(sentences)) == len(Term)
    for sentence in sentences:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) < 130  # a tooltip of few lines


def test_terms_are_explained_in_another_language():
    with marked():
        assert not unmarked_words(*map(explanation, Term))
