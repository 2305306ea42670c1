"""Steps 1 and 2 of the set-up, with whatever Python there is: uv, and the locked environment.

It uses the standard library only: it runs where nothing is installed yet.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from course_utils import paths
from course_utils.setup import place
from course_utils.setup.failures import fail, reason

ROOT = paths.ROOT
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Hash of the lock that is installed completely; "syncing" while uv works, so that an
# environment found with that word is known to be half of one.
STAMP = VENV / ".course-stamp"
STATE = paths.state()
LOG = STATE / "logs" / "uv.log"
UV_VERSION = "0.13.9"


class Step:
    """One step of the set-up: its line while it runs, and its end."""

    def __init__(self, number: int, title: str) -> None:
        self.head = f"[{number}/7] {title}"
        self.title = title
        self.start = time.time()
        self.live = sys.stdout.isatty()
        print("" if self.live else f"{self.head} … ", end="", flush=True)
        self.show("")

    def show(self, line: str) -> None:
        """What it does right now (on a terminal only)."""
        if self.live:
            width = shutil.get_terminal_size().columns
            print("\r\033[K" + f"{self.head} … {line}"[: width - 1], end="", flush=True)

    def end(self, outcome: str | None = None) -> None:
        """The closing words; how long it took if none are given."""
        outcome = outcome or f"done, {time.time() - self.start:.0f} s"
        print(f"\r\033[K{self.head} … {outcome}" if self.live else outcome, flush=True)

    def run(self, command: Sequence[str | Path], **settings: str) -> None:
        """Run a command with its output in the log; leave with one line if it fails."""
        lines = []
        with LOG.open("a") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(os.environ, **settings),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                # The lock goes along: should this process be killed, the next start waits for
                # the command to end instead of working in the same folder beside it.
                pass_fds=[LOCK.fileno()] if LOCK else [],
            )
            try:
                for line in process.stdout or ():
                    log.write(line)
                    lines.append(line.strip())
                    self.show(line.strip())
                code = process.wait()
            except BaseException:
                process.terminate()
                process.wait()
                raise
        if code:
            self.end("failed")
            last = [line for line in lines if "error" in line.lower()][-1:] or ["no reason given"]
            fail(
                reason("\n".join(lines))
                or f"{self.title} failed: {last[0].rstrip('.')}. The whole story is in {LOG}; "
                "run the same command again to retry."
            )


def wanted() -> str:
    """The hash that .venv must carry: that of the lock and of what the lock is made from."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "uv.lock"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed() -> str | None:
    """What .venv says it carries ("" if nothing); None where it has no working interpreter."""
    if not os.access(PYTHON, os.X_OK):  # follows the link: false when its Python was removed
        return None
    try:
        return STAMP.read_text()
    except OSError:
        return ""


def write_stamp(text: str) -> None:
    """Replace the stamp at once."""
    new = STAMP.with_suffix(".new")
    new.write_text(text)
    new.replace(STAMP)


def remove_venv() -> None:
    """Remove .venv, its stamp first, so that a kill half-way leaves nothing that looks whole."""
    if VENV.is_dir():
        write_stamp("syncing")
        shutil.rmtree(VENV)


def find_uv() -> str | Path | None:
    """The private uv, or one on the PATH that is at least as new, or None."""
    private = STATE / "uv" / UV_VERSION / "bin" / "uv"
    if os.access(private, os.X_OK):
        return private
    there = shutil.which("uv")
    if there:
        try:
            said = subprocess.check_output([there, "--version"], text=True)
            version = [int(part) for part in said.split()[1].split("-")[0].split(".")]
        except (OSError, ValueError, IndexError, subprocess.CalledProcessError):
            return None
        if version >= [int(part) for part in UV_VERSION.split(".")]:
            return there
    return None


def pip_command() -> list[str | Path]:
    """How to run pip: the module, or the wheel that Python's own ensurepip brings."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    folders = []
    if sysconfig.get_config_var("WHEEL_PKG_DIR"):
        folders.append(Path(sysconfig.get_config_var("WHEEL_PKG_DIR")))
    spec = importlib.util.find_spec("ensurepip")
    if spec and spec.origin:
        folders.append(Path(spec.origin).parent / "_bundled")
    for folder in folders:
        for wheel in folder.glob("pip-*.whl"):
            return [sys.executable, wheel / "pip"]
    return fail(
        f"This Python ({sys.executable}) comes without pip, so nothing can be fetched: install it "
        "(Debian and Ubuntu: sudo apt install python3-pip), then run the same command again."
    )


def get_uv() -> str | Path:
    """Step 1: uv, from the PATH or into a private folder."""
    step = Step(1, f"The installer, uv {UV_VERSION}")
    uv = find_uv()
    if uv:
        step.end("already there")
        return uv
    home = STATE / "uv" / UV_VERSION
    partial = STATE / "uv" / "partial"  # renamed when complete: half of uv is never taken for uv
    for folder in (home, partial):
        shutil.rmtree(folder, ignore_errors=True)
    step.run(
        [
            *pip_command(),
            *("install", "--disable-pip-version-check", "--progress-bar", "off", "--no-deps"),
            *("--only-binary", ":all:", "--target", partial, f"uv=={UV_VERSION}"),
        ],
        PIP_USER="0",
        PIP_REQUIRE_VIRTUALENV="0",
        PIP_NO_INPUT="1",
        PIP_RETRIES=os.environ.get("PIP_RETRIES", "2"),
    )
    partial.rename(home)
    step.end()
    return home / "bin" / "uv"


def sync(uv: str | Path, target: str) -> None:
    """Step 2: the locked environment in .venv."""
    step = Step(2, "The locked environment (2 GB on disk the first time)")
    settings = {
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(VENV),
        "UV_HTTP_TIMEOUT": os.environ.get("UV_HTTP_TIMEOUT", "120"),
    }
    if installed() in (None, "syncing"):
        # Half an environment can look whole to uv. All it needs is in uv's cache: make it anew.
        remove_venv()
        step.run([uv, "venv", "--python", sys.executable, VENV], **settings)
    write_stamp("syncing")
    # The Python of .venv, not the one running this: uv would replace the environment.
    step.run([uv, "sync", "--locked", "--python", PYTHON], **settings)
    write_stamp(target)
    step.end()


LOCK: IO[str] | None = None


def take_lock() -> None:
    """Let one process at a time set things up; the kernel frees the lock whatever happens."""
    global LOCK
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOCK = (STATE / "setup.lock").open("w")
    try:
        fcntl.flock(LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("Another ./course is setting up; waiting for it to finish.", flush=True)
        fcntl.flock(LOCK, fcntl.LOCK_EX)


def set_up(rebuild: bool) -> None:
    """Steps 1 and 2, unless .venv already carries the hash of the lock."""
    target = wanted()
    if installed() == target and not rebuild:
        return
    place.check_writable(ROOT)
    take_lock()
    if rebuild:
        remove_venv()
    if installed() != target:
        sync(get_uv(), target)
