"""Runs a declarative pipeline of Spark, as the command `spark-pipelines run` does.

That command starts its Spark through Spark's own scripts, which know nothing of Delta's JARs and
need a Java with a module that some lack. So the Spark Connect server is started here, and the
command's Python part is told where it is.

    python -m course_utils.deploy.pipelines SPEC WAREHOUSE
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from course_utils.deploy.processes import Child, free_port
from course_utils.errors import CourseError

_PATIENCE = 300.0  # seconds for a run
_START = 120.0  # seconds for the server to come up


def run_pipeline(spec: str, warehouse: str) -> list[str]:
    """Run a pipeline once, in processes of its own.

    Args:
        spec: its spark-pipeline.yml.
        warehouse: folder in which its tables are made.

    Returns:
        What became of each flow: "priced has COMPLETED", …

    Raises:
        CourseError: the run failed; the line says why.
    """
    with Child(["-m", __name__, spec, warehouse], {"COURSE_POOL": ""}) as child:
        child.wait(_PATIENCE)
        lines = child.output()
    # Its exit code says nothing: gRPC may abort when all is done
    if not any(line.endswith("Run is COMPLETED.") for line in lines):
        raise CourseError(f"The pipeline failed: {_reason(lines)}. Mend its definition.")
    return [
        line.partition("spark_catalog.default.")[2].rstrip(".")
        for line in lines
        if " Flow spark_catalog.default." in line and line.endswith("has COMPLETED.")
    ]


def _reason(lines: list[str]) -> str:
    told = [line for line in lines if line.startswith(("pyspark.errors", "Error"))]
    return (told or lines or ["it printed nothing"])[-1][:300]


def _run(spec: str, warehouse: str) -> int:
    from course_utils.session import archive, jvm, settings
    from course_utils.session.java import find_java

    java, jars, port = find_java(), jvm.delta_class_path(), free_port()
    conf = settings.local() | {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": warehouse,
    }
    arguments = [part for key, value in conf.items() for part in ("--conf", f"{key}={value}")]
    server = subprocess.Popen(
        [
            *(str(java.executable), f"-Xmx{settings.driver_memory()}", *jvm.MODULE_OPTIONS),
            *(*archive.options(java, jars), *archive.QUICK),
            *("-cp", os.pathsep.join(map(str, jars)), "org.apache.spark.deploy.SparkSubmit"),
            *(*arguments, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
            "spark-internal",
        ],
        env=jvm.environment(java),
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        environment = os.environ | {"SPARK_REMOTE": f"sc://127.0.0.1:{port}"}
        command = [sys.executable, "-m", "pyspark.pipelines.cli", "run", "--spec", spec]
        return subprocess.run(
            command, env=environment, cwd=Path(spec).parent, check=False
        ).returncode
    finally:
        server.kill()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("Error: Spark's Connect server did not come up")


if __name__ == "__main__":
    sys.exit(_run(*sys.argv[1:]))
