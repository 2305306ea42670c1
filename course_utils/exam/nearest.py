"""Which questions of the bank are most alike, for a person to read: do they ask the same?"""

from collections.abc import Sequence
from typing import NamedTuple

from course_utils.exam.bank import Entry


class Pair(NamedTuple):
    """Two questions, and the cosine of their words' weights (1: the same words)."""

    cosine: float
    first: Entry
    second: Entry


def pairs(entries: Sequence[Entry], most: int = 20) -> list[Pair]:
    """The `most` pairs of questions that are most alike, the closest first.

    Stem and right options are compared, as bags of words and word pairs by TF-IDF (scikit-learn's
    TfidfVectorizer, English stop words): questions in the same words come out, those that mean the
    same in other words may not.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [
        " ".join([e.question.stem, *(o.text for o in e.question.options if o.right)])
        for e in entries
    ]
    vectorizer = TfidfVectorizer(stop_words="english", ngram_range=(1, 2), sublinear_tf=True)
    weights = vectorizer.fit_transform(texts)
    cosines = np.triu((weights @ weights.T).toarray(), k=1)
    best = np.argsort(cosines, axis=None)[::-1][:most]
    places = zip(*np.unravel_index(best, cosines.shape), strict=True)
    return [Pair(float(cosines[i, j]), entries[i], entries[j]) for i, j in places if i < j]
