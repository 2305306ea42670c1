"""The benchmark's table, and the churn table with its truth."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from course_utils import paths
from course_utils.automl import bench
from course_utils.data import get_truth
from course_utils.data.churn import churn
from course_utils.data.churn import stored as store_of_churn


def test_churn_is_the_same_for_a_seed_and_follows_its_truth() -> None:
    table, probability = churn(3000, seed=1)
    again, _ = churn(3000, seed=1)
    pd.testing.assert_frame_equal(table, again)
    other, _ = churn(3000, seed=2)
    assert not table["churned"].equals(other["churned"])
    left = table["churned"] == "yes"
    assert left.mean() == pytest.approx(probability.mean(), abs=0.03)
    assert roc_auc_score(left, probability) > 0.75
    assert 0.05 < table["usage_gb"].isna().mean() < 0.15


def test_the_stored_churn_follows_its_truth_which_has_a_best_auc() -> None:
    table, _ = churn()
    stored = store_of_churn().to_pandas()
    for name in ("customer_id", "contract", "usage_gb"):  # the same people, paying more attention
        assert stored[name].equals(table[name])
    known = get_truth("churn")
    probability = known.probability.loc[stored["customer_id"]].to_numpy()
    assert (stored["churned"] == "yes").mean() == pytest.approx(probability.mean(), abs=0.015)
    bound = stored[stored["contract"] != "monthly"]
    dear = bound["monthly_price"] > bound["monthly_price"].median()
    assert known.probability.loc[bound["customer_id"][dear]].mean() == pytest.approx(
        known.probability.loc[bound["customer_id"][~dear]].mean(), abs=0.02
    )
    # Drawn again and again, the answers are ordered by the truth as well as it says
    draw = np.random.default_rng(5)
    drawn = [
        roc_auc_score(draw.random(len(probability)) < probability, probability) for _ in range(40)
    ]
    assert known.best_auc(stored["customer_id"]) == pytest.approx(np.mean(drawn), abs=0.004)


def _row(*rounds: tuple[float, float, float]) -> bench.Row:
    scores = {name: [scores[place] for scores in rounds] for place, name in enumerate(bench.NAMES)}
    return bench.Row(
        "churn", "10 × 3", "roc_auc", scores, {name: [24.4] * len(rounds) for name in bench.NAMES}
    )


def test_table_compares_with_the_better_opponent() -> None:
    lines = bench.table([_row((0.9, 0.8, 0.75), (0.9, 0.8, 0.75))], 24).splitlines()
    cells = [cell.strip() for cell in lines[2].strip("|").split("|")]
    assert cells[3:] == ["2", "0.9000", "0.8000", "0.7500", "1.125 ± 0.000", "24 / 24 / 24"]
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|")
    assert "cores" in lines[-1]


def test_the_ratio_is_that_of_means_with_the_error_of_the_differences() -> None:
    # The second opponent is the better one by its mean, though not in every round
    row = _row((0.5, 0.55, 0.4), (0.6, 0.3, 0.5), (0.7, 0.5, 0.6))
    assert row.rounds == 3
    ratio, error = row.ratio()
    assert ratio == pytest.approx(1.2)
    # Off by 0.02, 0.0 and -0.02: a standard deviation of 0.02, over the root of 3 and a mean of 0.5
    assert error == pytest.approx(0.02 / 3**0.5 / 0.5)
    line = bench.table([row], 24).splitlines()[2]
    assert line.split("|")[-3].strip() == f"1.200 ± {error:.3f}"


def test_the_page_has_the_markers_and_data_sets_load() -> None:
    page = (paths.ROOT / "docs" / "automl.md").read_text(encoding="utf-8")
    for table in ("searches", "overlap"):
        assert f"<!-- made by ./course bench automl: {table} -->" in page
    for data in bench.data_sets():
        if data.name != "listings":  # the course's own, which other tests make
            frame = data.load()
            assert data.target in frame
            assert len(frame) > 100
            assert np.all(frame[data.target].notna())
