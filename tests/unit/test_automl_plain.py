"""The package works from a plain script, without the rest of the course."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from course_utils import paths

IMPORT = """
import sys
from course_utils import automl
heavy = {"pandas", "sklearn", "mlflow", "optuna", "pyspark", "shap", "xgboost", "ipywidgets"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""

SCRIPT = """
import sys
from sklearn.datasets import load_wine
from course_utils import automl

if __name__ == "__main__":
    wine = load_wine(as_frame=True).frame
    summary = automl.classify(
        wine, target_col="target", primary_metric="accuracy", max_trials=2,
        exclude_frameworks=["xgboost", "lightgbm", "spark"], timeout_minutes=5,
    )
    print(summary)
    print("accuracy", summary.test_metrics["accuracy"])
    course = [name for name in sys.modules if name.startswith("course_utils.")]
    other = [n for n in course if not n.startswith(("course_utils.automl", "course_utils.errors"))]
    assert not other, other
"""


def test_importing_it_loads_nothing_heavy() -> None:
    subprocess.run([sys.executable, "-c", IMPORT], check=True, cwd=paths.ROOT)


def test_a_plain_script_searches_where_it_stands(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(paths.ROOT)!r})\n{SCRIPT}")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout.split("accuracy")[-1]) > 0.8
    assert list(tmp_path.glob("automl/*/trial_00*.ipynb"))


SERVE = """
import os, signal
import mlflow.sklearn
from sklearn.linear_model import LinearRegression
from course_utils.automl.serving import Server

mlflow.sklearn.save_model(LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0]), "model")
print(Server("model", "sqlite:///mlflow.db", 0).url, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_served_model_ends_with_the_process_that_served_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(paths.ROOT)!r})\n{SERVE}")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,  # where relative places of models and stores are meant
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    place = urlsplit(done.stdout.split()[-1])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((place.hostname, place.port)) != 0:
                return
        time.sleep(0.2)
    raise AssertionError("it still listens")


def _environment() -> dict[str, str]:
    """Without what the course or a test has set for MLflow and Spark."""
    import os

    drop = ("MLFLOW_TRACKING_URI", "COURSE_POOL")
    return {name: value for name, value in os.environ.items() if name not in drop}
