"""Real Spark servers on loopback: a standalone cluster, or a Connect server.

For trying what a lesson does on a cluster without having one; the tests do.
"""

import contextlib
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.session import archive, jvm, settings
from course_utils.session.java import find_java

_PATIENCE = 120.0  # seconds for a server to come up


@contextlib.contextmanager
def cluster(workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """A master and workers of one core each, for the length of a block.

    Yields:
        The master's address, spark://127.0.0.1:port.
    """
    ports = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    package = "org.apache.spark.deploy"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = folder / "master.log"
        master = stack.enter_context(_process([f"{package}.master.Master", *ports], log))
        url = _wait_for(r"Starting Spark master at (spark://\S+)", log, master)
        size = ("--cores", "1", "--memory", memory)
        for number in range(workers):
            log = folder / f"worker-{number}.log"
            where = ("--work-dir", str(folder / f"work-{number}"))
            command = [f"{package}.worker.Worker", *ports, *size, *where, url]
            worker = stack.enter_context(_process(command, log))
            _wait_for(r"(Successfully registered) with master", log, worker)
        yield url


@contextlib.contextmanager
def connect_server() -> Iterator[str]:
    """A Connect server with Delta, for the length of a block.

    Yields:
        Its address, sc://127.0.0.1:port.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        conf = settings.local() | {
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": str(port),
            "spark.sql.warehouse.dir": f"{folder}/warehouse",
            "spark.local.dir": folder,
        }
        arguments = [part for key, value in conf.items() for part in ("--conf", f"{key}={value}")]
        command = ["org.apache.spark.deploy.SparkSubmit", *arguments]
        command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
        log = Path(folder) / "server.log"
        with _process([*command, "spark-internal"], log) as server:
            _wait_for(r"(Spark Connect server started)", log, server)
            yield f"sc://127.0.0.1:{port}"


@contextlib.contextmanager
def _process(arguments: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    java, jars = find_java(), jvm.delta_class_path()
    class_path = ":".join(map(str, jars))
    command = [str(java.executable), f"-Xmx{settings.driver_memory()}", *jvm.MODULE_OPTIONS]
    command += archive.options(java, jars)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "-cp", class_path, *arguments],
            # In the environment, for a worker's executors inherit it
            env=jvm.environment(java) | {"JDK_JAVA_OPTIONS": " ".join(archive.QUICK)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.terminate()  # a worker stops its executors then
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(pattern: str, log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        found = re.search(pattern, log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[1]
        time.sleep(0.1)
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise CourseError(f"A Spark server did not come up on this machine: {' '.join(last)}")
