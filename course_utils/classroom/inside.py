"""What runs in the sandbox first: it gives up what it must not have, then becomes the kernel.

python -m course_utils.classroom.inside '{"uid": 62000, "processes": 700, "file": 1073741824}'
"""

import json
import os
import resource
import sys
from pathlib import Path

CONNECTION = "/run/grader/connection.json"


def main(orders: str) -> None:
    """Take the limits and the other user's id, then serve as an ordinary kernel."""
    asked = json.loads(orders)
    # root is bound by no limit on processes, so it has to go first
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(asked["uid"], asked["uid"], asked["uid"])
        os.setresuid(asked["uid"], asked["uid"], asked["uid"])
    for what, most in (
        (resource.RLIMIT_NPROC, asked["processes"]),
        (resource.RLIMIT_FSIZE, asked["file"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    place = Path(os.environ["COURSE_WORKBOOK"]) / "labs"
    place.mkdir(parents=True)
    os.chdir(place)
    sys.path[0] = ""  # as in a notebook of the workbook
    from ipykernel.kernelapp import launch_new_instance

    # What Java or a tool writes to stderr is nobody's output
    launch_new_instance(argv=["-f", CONNECTION, "--IPKernelApp.capture_fd_output=False"])


if __name__ == "__main__":
    main(sys.argv[1])
