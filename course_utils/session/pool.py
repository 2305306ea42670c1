"""A small pool of warm JVMs: each serves one notebook, the next warms soon after one is taken.

`python -m course_utils.session.pool --address SOCKET` is the manager. It holds the JVMs, and hands
one to each client that asks on the socket. The client keeps its connection open for as long as it
lives; when that ends, however it ends, its JVM is killed, or with --recycle emptied for the next
client. The manager ends with the process that started it, and the JVMs end with the manager: each
listens to a pipe from the one above it, so that no kill -9 leaves anything behind.

Nothing here imports PySpark, so the manager itself stays small.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session import archive, jvm, lease, settings, warm
from course_utils.session.java import find_java

_WARM_PATIENCE = 600.0  # seconds for a warm-up, on a machine that is busy with something else
_RETRY = 10.0  # seconds between two looks at a machine that is short of memory
_HEAD_START = 10.0  # seconds in which a client's first cell has the cores for itself
_MOST_CLIENTS = 40  # of one recycled JVM; py4j and Delta leave a little behind each time
# A JVM that is emptied again and again mostly runs code that Spark has just generated: compiling
# it well costs more than it saves. Both cores serve notebooks, none collects garbage beside them.
_RECYCLED = (*archive.QUICK, "-XX:+UseSerialGC")
_SPARE_MEMORY = 1536 << 20  # bytes beside the heap: a JVM's other memory, workers, the rest


# ---- starting and stopping a manager ------------------------------------------------------------


@contextlib.contextmanager
def running(recycle: bool = False, size: int = 1, spare: bool = True) -> Iterator[str]:
    """Run a pool for the length of a block, for the processes started in it.

    Args:
        recycle: empty a JVM and use it again instead of killing it; a client then waits for one
            that is starting or being emptied. For notebooks run one after the other.
        size: how many JVMs are kept warm; with recycle, how many there are at all.
        spare: warm the next JVM as soon as one is taken; False where that would disturb a measure.

    Yields:
        The pool's address, also in COURSE_POOL.
    """
    before = os.environ.get(lease.VARIABLE)
    with tempfile.TemporaryDirectory(prefix="course-") as folder:  # readable by this user only
        address = str(Path(folder) / "pool")
        manager = start(address, recycle, size, spare)
        os.environ[lease.VARIABLE] = address
        try:
            # A client that asks before the manager listens would start cold
            while lease.status(address) is None and manager.poll() is None:
                time.sleep(0.05)
            yield address
        finally:
            if before is None:
                del os.environ[lease.VARIABLE]
            else:
                os.environ[lease.VARIABLE] = before
            stop(manager)


def start(
    address: str, recycle: bool = False, size: int = 1, spare: bool = True
) -> subprocess.Popen[bytes]:
    """Start a manager as a child process; it ends with this process if not stopped before."""
    log = paths.state() / "logs" / "pool.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = [sys.executable, "-m", __name__, "--address", address, "--size", str(size)]
    arguments += ["--recycle"] if recycle else []
    arguments += [] if spare else ["--no-spare"]
    with log.open("ab") as output:
        return subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            process_group=0,  # Ctrl-C is for whoever started it, who then stops it in order
        )


def stop(manager: subprocess.Popen[bytes]) -> None:
    """Stop a manager and with it every JVM of its pool."""
    if manager.stdin:
        manager.stdin.close()
    try:
        manager.wait(10)
    except subprocess.TimeoutExpired:
        manager.kill()
        manager.wait()


# ---- the manager --------------------------------------------------------------------------------


@dataclass
class _Warm:
    """A warm JVM, and how many clients it has had."""

    machine: jvm.Jvm
    clients: int = 0


class Pool:
    """The manager's state: what is warm, what is getting there, what is out."""

    def __init__(self, size: int, recycle: bool, spare: bool) -> None:
        self._size = size
        self._recycle = recycle
        self._spare = spare and not recycle
        self._key = lease.settings_key()
        self._idle: list[_Warm] = []
        self._machines: set[jvm.Jvm] = set()  # all of them, to be killed at the end
        self._coming = 0  # being warmed or emptied
        self._leased = 0
        self._taken = -_HEAD_START  # when, on the clock of time.monotonic
        self._changed = asyncio.Event()

    async def keep_warm(self) -> None:
        """Start a JVM whenever one is missing and there is memory for it."""
        while True:
            self._changed.clear()
            out = 0 if self._spare else self._leased
            if len(self._idle) + self._coming + out >= self._size:
                await self._changed.wait()
            elif not self._recycle and (early := self._taken + _HEAD_START - time.monotonic()) > 0:
                await asyncio.sleep(early)
            elif not memory_suffices():
                _say("too little free memory to warm another JVM")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _RETRY)
            elif not await self._warm_one():
                await asyncio.sleep(_RETRY)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from its request to its end."""
        warm_one = None
        try:
            key = (await reader.readline()).decode().strip()
            if key == lease.STATUS:
                now = {"idle": len(self._idle), "coming": self._coming, "leased": self._leased}
                writer.write(json.dumps(now).encode() + b"\n")
                return
            warm_one = await self._next() if key == self._key else None
            if warm_one is None:
                _say("nothing to give" if key == self._key else "asked for other settings")
                return
            self._leased += 1
            self._taken = time.monotonic()
            self._changed.set()
            machine = warm_one.machine
            answer = {
                "port": machine.port,
                "secret": machine.secret,
                "pid": machine.process.pid,
                "log": str(machine.log),
            }
            writer.write(json.dumps(answer).encode() + b"\n")
            _say(f"JVM {machine.process.pid} taken")
            await reader.read()  # returns when the client is gone
        except ConnectionError:
            pass
        except asyncio.CancelledError:
            warm_one = None  # the pool closes, and has killed every JVM
        finally:
            writer.close()
            if warm_one is not None:
                await self._take_back(warm_one)

    async def _next(self) -> _Warm | None:
        while True:
            while self._idle:
                found = self._idle.pop()
                if found.machine.process.poll() is None:
                    return found
                self._drop(found.machine)  # it died while it waited
            if not (self._recycle and self._coming):
                return None
            await asyncio.sleep(0.05)  # one that is being emptied is there sooner than a new one

    async def _take_back(self, warm_one: _Warm) -> None:
        self._leased -= 1
        warm_one.clients += 1
        name = f"JVM {warm_one.machine.process.pid}"
        if not self._recycle or warm_one.clients == _MOST_CLIENTS:
            self._drop(warm_one.machine)
            _say(f"{name} ended after its client")
        elif await self._treat("renew", warm_one.machine, lease.PATIENCE):
            self._idle.append(warm_one)
            _say(f"{name} emptied")
        self._changed.set()

    async def _warm_one(self) -> bool:
        try:
            java, class_path = find_java(), jvm.delta_class_path()
            options = [*archive.options(java, class_path), *(_RECYCLED if self._recycle else ())]
            machine = jvm.start(
                settings.local(), class_path=class_path, java_options=options, java=java
            )
        except (CourseError, OSError) as error:
            _say(f"no JVM could be started: {error}")
            return False
        self._machines.add(machine)
        mode = "begin" if self._recycle else "warm"
        if not await self._treat(mode, machine, _WARM_PATIENCE):
            return False
        self._idle.append(_Warm(machine))
        _say(f"JVM {machine.process.pid} warm")
        return True

    async def _treat(self, mode: str, machine: jvm.Jvm, patience: float) -> bool:
        """Have a JVM warmed or emptied; one that cannot be is dropped."""
        self._coming += 1
        try:
            await asyncio.to_thread(machine.meet)
            await warm.run(mode, machine, patience)
            return True
        except (jvm.JvmError, OSError, subprocess.SubprocessError) as error:
            _say(f"JVM {machine.process.pid}, {mode}: {error}")
            with contextlib.suppress(OSError):
                shutil.copy(machine.log, jvm.log_file("pool-failed"))
            self._drop(machine)
            return False
        finally:
            self._coming -= 1

    def _drop(self, machine: jvm.Jvm) -> None:
        machine.kill()
        self._machines.discard(machine)
        self._changed.set()

    def close(self) -> None:
        """Kill every JVM."""
        for machine in list(self._machines):
            machine.kill()


async def _manage(address: str, size: int, recycle: bool, spare: bool) -> None:
    pool = Pool(size, recycle, spare)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    loop.add_reader(sys.stdin.fileno(), ended.set)  # nobody writes to it: it has ended
    server = await asyncio.start_unix_server(pool.serve, address)
    Path(address).chmod(0o600)
    keeper = asyncio.create_task(pool.keep_warm())
    waiter = asyncio.create_task(ended.wait())
    done, _ = await asyncio.wait({keeper, waiter}, return_when=asyncio.FIRST_COMPLETED)
    server.close()
    pool.close()
    Path(address).unlink(missing_ok=True)
    for task in done:
        task.result()  # shows an error of the keeper


def memory_suffices() -> bool:
    """Whether this machine, or the container we are in, has memory for one more JVM."""
    return _available_memory() > settings.heap_bytes() + _SPARE_MEMORY


def _available_memory() -> int:
    """Bytes that this machine, or the container we are in, still has to give."""
    import psutil

    available = psutil.virtual_memory().available
    for limit, used in _CONTAINER_FILES:
        with contextlib.suppress(OSError, ValueError):  # no container, or no limit ("max")
            available = min(available, int(Path(limit).read_text()) - int(Path(used).read_text()))
    return available


_CONTAINER_FILES = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def _say(line: str) -> None:
    from datetime import datetime

    print(f"{datetime.now():%H:%M:%S} {os.getpid()} {line}", flush=True)


def main() -> None:
    """Run a manager until its standard input ends."""
    parser = argparse.ArgumentParser(description="Keep warm JVMs for notebooks.")
    parser.add_argument("--address", required=True, help="path of the Unix socket to listen on")
    parser.add_argument("--size", type=int, default=1, help="JVMs to keep warm")
    parser.add_argument("--recycle", action="store_true", help="use a JVM again and again")
    parser.add_argument(
        "--no-spare", action="store_true", help="warm no other JVM while one is taken"
    )
    given = parser.parse_args()
    asyncio.run(_manage(given.address, given.size, given.recycle, not given.no_spare))


if __name__ == "__main__":
    main()
