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
    lines = bench.table([_row((0.9, 0.8, 0.75))], 24).splitlines()
    cells = [cell.strip() for cell in lines[2].strip("|").split("|")]
    assert cells[3:] == ["0.9000", "0.8000", "0.7500", "1.125", "24 / 24 / 24"]
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|")
    assert "n = 1" in lines[-1]
    assert "cores" in lines[-1]


def test_table_compares_round_by_round() -> None:
    lines = bench.table([_row((0.9, 0.8, 0.75), (0.7, 0.7, 0.8))], 24).splitlines()
    assert lines[2].split("|")[-3].strip() == "1.000 (0.875–1.125)"
    assert "n = 2" in lines[-1]


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
