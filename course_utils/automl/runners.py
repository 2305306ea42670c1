"""Where trials run: in processes of this machine, on Spark's executors or, for Spark ML, here.

Each runner takes a job (see `worker.run`) and a slot, answers within the time left, and is told
to stop at the deadline.
"""

import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import SparkSession

Job = dict[str, Any]
Answer = dict[str, Any]
_LAST_MOMENTS = 5  # seconds in which a process that has closed its pipes ends
STOPPED: Answer = {"error": "stopped: the time was up"}


class Runner(Protocol):
    """Runs jobs, `slots` of them at a time."""

    slots: int

    def run(self, job: Job, slot: int) -> Answer:
        """Run one job; blocks."""

    def stop(self) -> None:
        """End what runs; its `run` answers `STOPPED`. Later jobs run again."""

    def close(self) -> None:
        """Stop, and give back what the runner holds."""


class Processes:
    """Processes of this machine, one per slot, started when needed and kept."""

    def __init__(self, data: Path, slots: int) -> None:
        self.slots = slots
        self._data = data
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()

    def run(self, job: Job, slot: int) -> Answer:
        """Run one job in the process of a slot."""
        from course_utils.automl import worker

        with self._lock:
            process = self._processes.get(slot)
            if process is None or process.poll() is not None:
                command = [sys.executable, "-P", str(Path(worker.__file__)), str(self._data)]
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
                self._processes[slot] = process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            pickle.dump(job, process.stdin)
            process.stdin.flush()
            return pickle.load(process.stdout)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            return self._without_answer(slot, process)

    def _without_answer(self, slot: int, process: subprocess.Popen[bytes]) -> Answer:
        """Whether the time was up or the process has ended by itself; the next job has a new one.

        Its pipes close a moment before it has ended, so asking it then is not enough.
        """
        with self._lock:
            if self._processes.get(slot) is not process:
                return dict(STOPPED)
            del self._processes[slot]
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LAST_MOMENTS)
            code = process.poll()
            _end(process)
        why = " (killed, most likely for lack of memory)" if code == -signal.SIGKILL else ""
        return {"error": f"the trial's process ended without an answer, exit code {code}{why}"}

    def stop(self) -> None:
        """Kill the processes that are busy or idle; the next job starts a new one."""
        with self._lock:
            for process in self._processes.values():
                _end(process)
            self._processes.clear()

    def close(self) -> None:
        """Kill the processes."""
        self.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None and not pipe.closed:
            with suppress(OSError, ValueError):  # not written any more, or read right now
                pipe.close()


class SparkJobs:
    """One Spark job of one task for each trial; the data are broadcast once.

    The task reads its input to the end: Spark then keeps the Python worker, with all that it has
    imported, for the next trial.
    """

    def __init__(self, spark: "SparkSession", frame: "pd.DataFrame") -> None:
        from course_utils.features.running import same_python

        same_python(spark)
        self._context = spark.sparkContext
        self.slots = max(1, self._context.defaultParallelism)
        self._data = self._context.broadcast(frame)
        self._groups: set[str] = set()
        self._lock = threading.Lock()

    def run(self, job: Job, slot: int) -> Answer:
        """Run one job on an executor."""
        group = f"automl-{uuid4().hex}"
        with self._lock:
            self._groups.add(group)
        try:
            # A thread of Python has its own thread in the JVM, so a group of jobs of its own
            self._context.setJobGroup(group, f"AutoML trial in slot {slot}")
            task = _task(self._data, job)
            return self._context.parallelize([0], 1).mapPartitions(task).collect()[0]
        except Exception as error:
            if "cancelled" in str(error):
                return dict(STOPPED)
            lines = str(error).strip().splitlines() or [type(error).__name__]
            return {"error": lines[-1][:300]}
        finally:
            _leave_group(self._context)
            with self._lock:
                self._groups.discard(group)

    def stop(self) -> None:
        """Cancel the jobs that run."""
        with self._lock:
            groups = list(self._groups)
        for group in groups:
            self._context.cancelJobGroup(group)

    def close(self) -> None:
        """Cancel what runs and take the data off the executors."""
        self.stop()
        self._data.unpersist()


def _leave_group(context: Any) -> None:
    """Later jobs of this thread belong to no group of ours, which may have been cancelled."""
    for name in ("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel"):
        context.setLocalProperty(name, None)


def _task(data: Any, job: Job) -> Callable[[Any], Any]:
    from pyspark import cloudpickle

    from course_utils.automl import worker

    # By value: the executors need not have this package
    run = cloudpickle.loads(_by_value(cloudpickle, worker))

    def task(rows: Any) -> Any:
        for _ in rows:
            pass
        yield run(data.value, job)

    return task


def _by_value(cloudpickle: Any, module: Any) -> bytes:
    cloudpickle.register_pickle_by_value(module)
    try:
        return cloudpickle.dumps(module.run)
    finally:
        cloudpickle.unregister_pickle_by_value(module)


class FromHere:
    """Spark ML: the cells run in this process and Spark spreads the work, one trial at a time."""

    slots = 1

    def __init__(self, spark: "SparkSession") -> None:
        self._context = spark.sparkContext
        self._group, self._stopped = "", False

    def run(self, job: Job, slot: int) -> Answer:
        """Run one job."""
        from course_utils.automl.worker import run

        self._group, self._stopped = f"automl-{uuid4().hex}", False
        self._context.setJobGroup(self._group, "AutoML trial of Spark ML")
        try:
            answer = run(None, job)
        finally:
            _leave_group(self._context)
        return dict(STOPPED) if self._stopped and "error" in answer else answer

    def stop(self) -> None:
        """Cancel what runs, and what the same fit would start next."""
        self._stopped = True
        if self._group and int(self._context.version.split(".")[0]) < 4:  # knows no future jobs
            self._context.cancelJobGroup(self._group)
        elif self._group:
            self._context._jsc.sc().cancelJobGroupAndFutureJobs(self._group)

    def close(self) -> None:
        """Cancel what runs."""
        self.stop()
