"""A folder of its own for each search, also for those that begin at the same moment."""

import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from course_utils.errors import CourseError


@dataclass(frozen=True)
class Places:
    """Where a search writes: notebooks to `folder`, data to `home`, which may be the same."""

    folder: Path
    home: Path

    def remove(self) -> None:
        """Take them away again, with all that is in them."""
        for place in (self.folder, self.home):
            shutil.rmtree(place, ignore_errors=True)


def claim(experiment_dir: str | None, data_dir: str | None, name: str) -> Places:
    """Make new folders: what somebody has edited in an older one stays.

    Args:
        experiment_dir: where the folder for notebooks is made; ./automl if None.
        data_dir: where one of the same name for the data is made; None has it among the notebooks.
        name: of the folders; a number follows where there is one already.

    Raises:
        CourseError: a folder cannot be made.
    """
    safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
    bases = [Path(experiment_dir or "automl"), *([Path(data_dir)] if data_dir else [])]
    for number in count(1):
        folders = [base / (safe if number == 1 else f"{safe}_{number}") for base in bases]
        if _make(list(dict.fromkeys(folders))):
            return Places(folders[0], folders[-1])
    raise AssertionError


def _make(folders: list[Path]) -> bool:
    """Make all of the folders, or none where one of them is there already."""
    for place, folder in enumerate(folders):
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir()  # looks and makes in one step: of two that try, one succeeds
        except OSError as error:
            for earlier in folders[:place]:
                earlier.rmdir()
            if isinstance(error, FileExistsError) and folder.parent.is_dir():
                return False
            raise CourseError(
                f"The folder {folder} cannot be made: {error.strerror}. Name another place in "
                "experiment_dir or data_dir."
            ) from None
    return True
