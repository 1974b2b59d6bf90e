"""app/page/terms.py: each word has a sentence of its own."""

from app.page.terms import Term, explanation


def test_every_term_is_explained_in_a_sentence_of_its_own():
    sentences = [explanation(term) for term in Term]
    assert len(set(sentences)) == len(Term)
    for sentence in sentences:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) < 130  # a tooltip of few lines
