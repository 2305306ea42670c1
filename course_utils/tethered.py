"""Run a module that ends with whoever started it: `python -m course_utils.tethered MODULE …`.

Who starts it holds the other end of its standard input and writes nothing. When that end closes,
however it came to that (kill -9 included), the module and all that it has started are asked to
end, and made to if they do not.
"""

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

GRACE = 8.0  # seconds to end by itself


def command(module: Sequence[str]) -> list[str]:
    """The command line for `python -m MODULE …`; start it with a pipe as its standard input."""
    return [sys.executable, "-m", "course_utils.tethered", *module]


def _end_with_starter() -> None:
    os.read(sys.stdin.fileno(), 1)  # returns when nobody is left who could write
    import psutil

    children = psutil.Process().children(recursive=True)
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.terminate()
    _, left = psutil.wait_procs(children, timeout=GRACE)
    for child in left:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def main() -> None:
    """Run the module that the command line names, with the rest as its own."""
    threading.Thread(target=_end_with_starter, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
