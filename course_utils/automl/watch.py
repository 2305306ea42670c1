"""Shows in a notebook where a search stands."""

import html
import threading
from time import monotonic
from types import TracebackType
from typing import Any

from course_utils.automl.progress import Progress

_TICK = 1.0  # seconds between two looks at the clock


class Watch:
    """Shows the progress of a search in a widget for the length of a block, each second anew.

    Args:
        shown: a widget whose `value` is HTML.
    """

    def __init__(self, shown: Any) -> None:
        self._shown = shown
        self._progress = Progress("Starting")
        self._last_word = ""
        self._over = threading.Event()
        self._clock = threading.Thread(target=self._run, daemon=True)

    def hear(self, progress: Progress) -> None:
        """Take in where the search stands now."""
        self._progress = progress
        self._show()

    def refused(self, error: Exception) -> None:
        """Leave the reason for which there is no result."""
        self._last_word = alert(error)

    def __enter__(self) -> "Watch":
        self._show()
        self._clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._clock.join()
        self._shown.value = self._last_word

    def _run(self) -> None:
        while not self._over.wait(_TICK):
            self._show()

    def _show(self) -> None:
        self._shown.value = say(self._progress, monotonic())


def say(progress: Progress, now: float) -> str:
    """The progress as HTML, at a time of the monotonic clock."""
    head = progress.stage
    if progress.ends is not None:
        left = max(0, round(progress.ends - now))
        head += f", {left // 60}:{left % 60:02} left"
    lines = [f"<b>{html.escape(head)}</b>"]
    if progress.trials:
        finished = f"{progress.trials} trial{'s' if progress.trials > 1 else ''} finished"
        lines.append(html.escape(f"{finished}; the last: {progress.last}"))
        lines.append(html.escape(f"Best so far: {progress.best}"))
    lines += [html.escape(f"Warning: {note}") for note in progress.warnings]
    return "<br>".join(lines)


def alert(error: Exception) -> str:
    """An error as HTML that screen readers say at once."""
    return f'<div role="alert"><b>{html.escape(str(error))}</b></div>'
