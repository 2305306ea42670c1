"""What is kept of quizzes and exams: answers, the exam that is going on, those handed in."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What was answered to a question, and whether it was right."""

    question: str  # its id
    objectives: tuple[str, ...]
    picked: tuple[str, ...]  # the texts of the options; empty if it was left open
    right: bool
    time: str  # in UTC


@dataclass(frozen=True)
class Asked:
    """One question of an exam that is going on."""

    id: str
    picked: tuple[str, ...] = ()
    marked: bool = False  # for review


@dataclass(frozen=True)
class Sitting:
    """An exam that is going on."""

    guide: str  # "2025"
    kind: str  # "whole exam", "domain 2", "mistakes"
    seed: int
    started: str  # in UTC
    limit: float  # seconds
    questions: tuple[Asked, ...]
    used: float = 0.0  # seconds on the clock so far
    at: int = 0  # which question is looked at
    window: str = ""  # which window opened it last: only that one may write


@dataclass(frozen=True)
class Exam:
    """An exam that was handed in."""

    guide: str
    kind: str
    seed: int
    started: str
    ended: str
    limit: float
    used: float
    answers: tuple[Answer, ...]

    @property
    def right(self) -> int:
        """How many questions were answered rightly."""
        return sum(answer.right for answer in self.answers)

    @property
    def percent(self) -> int:
        """The same in percent of all, rounded."""
        return round(100 * self.right / len(self.answers))


@dataclass(frozen=True)
class Record:
    """All that is kept."""

    quizzes: dict[str, tuple[Answer, ...]] = field(default_factory=dict)  # by lesson
    sitting: Sitting | None = None
    exams: tuple[Exam, ...] = ()
    notice: str | None = None  # one line about a file that had to be set aside

    def answers(self) -> list[Answer]:
        """Every answer so far, the oldest first."""
        given = [answer for answers in self.quizzes.values() for answer in answers]
        given += [answer for exam in self.exams for answer in exam.answers]
        return sorted(given, key=lambda answer: answer.time)

    def last(self) -> dict[str, Answer]:
        """The last answer to each question."""
        return {answer.question: answer for answer in self.answers()}

    def mistakes(self) -> set[str]:
        """The ids of the questions whose last answer was wrong."""
        return {id for id, answer in self.last().items() if not answer.right}
