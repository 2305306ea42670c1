"""Talks to the kernel in a sandbox: one cell at a time, with a limit on its time and its output.

The messages come from code that nobody trusts. They are read outside the sandbox and kept only in
part; whatever breaks the protocol counts as the end of that kernel.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient

from course_utils.classroom.limits import Limits
from course_utils.classroom.sandbox import Sandbox, connection

_START = 180.0  # seconds for a kernel to answer, on a machine that is busy
_LARGEST = 32 << 20  # bytes of one message; more closes the connection


class KernelEndedError(Exception):
    """The kernel is gone, or was ended because its cell would not."""


class StoppedError(Exception):
    """The grader itself is to stop."""


@dataclass
class Ran:
    """What one cell left."""

    error: str | None = None  # "NameError: …", the error that ended it
    interrupted: bool = False  # it took too long
    shown: list[dict[str, Any]] = field(default_factory=list)  # data of what was displayed
    dropped: int = 0  # characters of output over the limit


class Kernel:
    """The kernel of one sandbox.

    Args:
        sandbox: just started.
        limits: of a cell's output, and of its time once it was interrupted.
        stop: tells whether the grader is to stop; asked all the time.
        end: `time.monotonic()` at which everything has to end.
    """

    def __init__(
        self, sandbox: Sandbox, limits: Limits, stop: Callable[[], bool], end: float
    ) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._stop = stop
        self._end = end
        self._context = zmq.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, _LARGEST)
        self._context.setsockopt(zmq.LINGER, 0)
        self._client = BlockingKernelClient(context=self._context)
        self._client.load_connection_info(connection(sandbox.key, sandbox.sockets))  # type: ignore[arg-type]
        self._client.start_channels(stdin=False, hb=False)

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            KernelEndedError: it does not start.
        """
        until = time.monotonic() + _START
        while time.monotonic() < until:
            self._client.kernel_info()
            try:
                self._client.get_shell_msg(timeout=1)
            except Empty:
                if not self._sandbox.alive:
                    break
                self._see()
                continue
            except Exception as error:
                raise self._broken(error) from None
            self.run("pass", 60.0)  # so that its output is connected, too
            return
        raise KernelEndedError(f"the kernel did not start: {self._sandbox.said}")

    def run(self, code: str, seconds: float, history: bool = True) -> Ran:
        """Run one cell to its end.

        Args:
            code: its text.
            seconds: after which it is interrupted.
            history: whether it counts as a cell that the learner ran.

        Raises:
            KernelEndedError: the cell ended the kernel, or did not end itself.
            StoppedError: the grader is to stop.
        """
        sent = self._client.execute(
            code, store_history=history, allow_stdin=False, stop_on_error=False
        )
        ran, left = Ran(), self._limits.output
        until = min(time.monotonic() + seconds, self._end)
        while True:
            try:
                message = self._client.get_iopub_msg(timeout=0.5)
            except Empty:
                message = None
            except Exception as error:
                raise self._broken(error) from None
            if message is None or time.monotonic() > until:
                self._see()
                if time.monotonic() > until and not ran.interrupted:
                    ran.interrupted, until = True, time.monotonic() + self._limits.grace
                    self._interrupt()
                elif time.monotonic() > until:
                    over = time.monotonic() > self._end
                    what = "the submission's time was over" if over else None
                    self._sandbox.kill(what or f"it did not end within {seconds:.0f} s")
                    raise KernelEndedError(str(self._sandbox.stopped_for))
            if message is None and self._replied(sent):
                return ran  # so many messages that the last one was lost
            if message is None or message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content.get("execution_state") == "idle":
                return ran
            if kind == "error":
                ran.error = f"{content.get('ename')}: {content.get('evalue')}"[:500]
            elif kind in ("display_data", "execute_result", "stream"):
                size = len(str(content))
                if size > left:
                    ran.dropped += size
                elif kind != "stream":
                    ran.shown.append(content.get("data", {}))
                left -= min(size, left)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.stop_channels()
        self._context.destroy(linger=0)

    def _replied(self, sent: str) -> bool:
        """Whether the kernel has done with a cell, as its other channel tells."""
        try:
            while True:
                reply = self._client.get_shell_msg(timeout=0)
                if reply["parent_header"].get("msg_id") == sent:
                    return True
        except Empty:
            return False
        except Exception as error:
            raise self._broken(error) from None

    def _interrupt(self) -> None:
        message = self._client.session.msg("interrupt_request", {})
        self._client.control_channel.send(message)

    def _see(self) -> None:
        """Look whether there is reason not to wait on."""
        if self._stop():
            raise StoppedError
        if not self._sandbox.alive:
            why = self._sandbox.stopped_for
            raise KernelEndedError(why or f"it ended the kernel ({self._code()})")

    def _code(self) -> str:
        code = self._sandbox.process.returncode
        signal = -code if code < 0 else code - 128
        return f"signal {signal}" if signal > 0 else f"exit code {code}"

    def _broken(self, error: Exception) -> KernelEndedError:
        self._sandbox.kill("it broke the protocol between the kernel and the grader")
        return KernelEndedError(f"{self._sandbox.stopped_for} ({type(error).__name__})")
