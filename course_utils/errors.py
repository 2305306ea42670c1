"""The one exception for what a user can cause or mend."""


class CourseError(Exception):
    """A failure told in one line: what happened, why, and how to mend it.

    Commands print the line and exit with 1; notebooks show it without a traceback.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython calls this instead of printing the stack: the line says all a user needs.
        return [str(self)]
