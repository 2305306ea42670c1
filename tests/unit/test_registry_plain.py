"""The package works from a plain script without the rest of the course; its page's example runs."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from course_utils import paths
from tests.unit.mlflow_stores import mlflow_at
from tests.unit.registry_servers import database, free_port, shell_server

IMPORT = """
import sys
from course_utils import registry
heavy = {"pandas", "sklearn", "mlflow", "pyspark", "requests", "sqlite3"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
assert set(registry.__all__) <= set(dir(registry)) | set(registry._HOMES)
"""

SCRIPT = """
import sys
import mlflow
from course_utils.registry import Approvals, Outbox, Receiver, RegistryError

mlflow.set_tracking_uri("sqlite:///mlflow.db")
client = mlflow.MlflowClient()
client.create_registered_model("churn")
approvals = Approvals()
with Receiver("inbox.db", "secret", lambda event: "fine") as receiver:
    outbox = Outbox("outbox.db", receiver.url, "secret")
    client.create_model_version("churn", "somewhere")
    assert (outbox.collect(), outbox.deliver()) == (1, 1)
    while client.get_model_version("churn", "1").tags.get("check.verdict") != "fine":
        pass
asked = approvals.request("churn", 1, by="ann", comment="first")
try:
    approvals.approve(asked.id, by="ann")
except RegistryError as error:
    print("refused:", error)
approvals.approve(asked.id, by="bob")
print(approvals.history("churn"))
assert approvals.verify("churn") == []
course = [name for name in sys.modules if name.startswith("course_utils.")]
other = [n for n in course if not n.startswith(("course_utils.registry", "course_utils.errors"))]
assert not other, other
"""


def test_importing_it_loads_nothing_heavy() -> None:
    subprocess.run([sys.executable, "-c", IMPORT], check=True, cwd=paths.ROOT)


def test_a_plain_script_works_where_it_stands(tmp_path: Path) -> None:
    database(tmp_path)
    script = tmp_path / "script.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(paths.ROOT)!r})\n{SCRIPT}")
    drop = ("MLFLOW_TRACKING_URI", "COURSE_POOL")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={name: value for name, value in os.environ.items() if name not in drop},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "refused: ann made request churn/1: somebody else has to decide about it." in done.stdout


@pytest.mark.slow
def test_the_example_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (paths.ROOT / "docs" / "registry.md").read_text(encoding="utf-8")
    port = free_port()  # 5000 may be somebody else's
    shell, code = (
        page.split(f"```{language}\n")[1].split("```")[0].replace("5000", str(port))
        for language in ("bash", "python")
    )
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    server = f"http://127.0.0.1:{port}"
    with shell_server(shell, tmp_path, port), mlflow_at(server):
        exec(compile(code, "docs/registry.md", "exec"), names)
        said = [names["verdict"](version) for version in (1, 2)]
        history = names["approvals"].history("diabetes")
        assert names["approvals"].verify("diabetes") == []
        aliases = names["client"].get_registered_model("diabetes").aliases
    assert said[0].startswith("first: loss ") and said[1].startswith("better: loss ")
    assert history.activity_type.tolist() == [
        "REQUESTED_TRANSITION", "APPROVED_REQUEST", "REQUESTED_TRANSITION", "APPROVED_REQUEST",
        "APPLIED_TRANSITION",
    ]  # fmt: skip
    assert {alias: int(version) for alias, version in aliases.items()} == {"champion": 1}
    sent = names["outbox"].deliveries()
    assert sent.event.tolist() == [
        "model_version.created", "model_version.created", "transition_request.created",
        "transition_request.approved",
    ]  # fmt: skip
    assert set(sent.state) == {"DELIVERED"}
    handled = names["receiver"].handled().dropna()
    assert handled.version.tolist() == ["1", "2"]
    assert handled.verdict.tolist() == said


def test_every_call_of_the_page_is_there() -> None:
    from course_utils import registry

    page = (paths.ROOT / "docs" / "registry.md").read_text(encoding="utf-8")
    calls = {name: getattr(registry, name) for name in registry.__all__}
    for name, call in calls.items():
        assert f"`{name}" in page, name
        for method in vars(call):
            if not method.startswith("_") and callable(vars(call)[method]):
                assert f"{method}(" in page, f"{name}.{method}"
