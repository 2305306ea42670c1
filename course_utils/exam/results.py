"""What came of exams and quizzes: by domain, by objective, over time, and what to learn next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course_utils.exam import guide
from course_utils.exam.guide import Guide, Objective, Section
from course_utils.exam.kept import Answer, Exam, Record

MOST_NEXT = 5  # objectives named at once as what to learn next


@dataclass(frozen=True)
class Score:
    """So many of so many."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        """The part that was right; 0 where nothing was asked."""
        return self.right / self.asked if self.asked else 0.0

    def __str__(self) -> str:
        """ "7 of 9"."""
        return f"{self.right} of {self.asked}"


@dataclass(frozen=True)
class Next:
    """An objective to learn next, and why."""

    objective: Objective
    score: Score  # of the last answers to each of its questions


def of(answers: Iterable[Answer]) -> Score:
    """The score of some answers."""
    given = list(answers)
    return Score(sum(answer.right for answer in given), len(given))


def by_section(of_guide: Guide, answers: Sequence[Answer]) -> list[tuple[Section, Score]]:
    """The score in each domain; every question counts in one."""
    found = {answer.question: of_guide.section_of(answer.objectives) for answer in answers}
    return [
        (section, of(answer for answer in answers if found[answer.question] == section))
        for section in of_guide.sections
    ]


def by_objective(of_guide: Guide, answers: Sequence[Answer]) -> list[tuple[Objective, Score]]:
    """The score of each objective that was asked; a question counts for each that it names."""
    scores = [
        (each, of(answer for answer in answers if each.tag in answer.objectives))
        for each in of_guide.objectives()
    ]
    return [(each, score) for each, score in scores if score.asked]


def learn_next(kept: Record, tag: str = guide.CURRENT) -> list[Next]:
    """The objectives in which most is to be won, from the last answer to each question.

    What counts is the share that was wrong, times what the guide gives the objective: its domain's
    weight over the number of its objectives.
    """
    last = list(kept.last().values())
    gains = []
    for section in guide.guide(tag).sections:
        for each in section.objectives:
            score = of(answer for answer in last if each.tag in answer.objectives)
            if score.right < score.asked:
                gain = (1 - score.share) * section.weight / len(section.objectives)
                gains.append((gain, Next(each, score)))
    gains.sort(key=lambda pair: -pair[0])  # equal ones stay in the guide's order
    return [each for _, each in gains[:MOST_NEXT]]


def objective_scores(kept: Record) -> dict[str, Score]:
    """By objective's tag, the score of the last answers to its questions; none without any."""
    scores: dict[str, Score] = {}
    for answer in kept.last().values():
        for tag in answer.objectives:
            before = scores.get(tag, Score(0, 0))
            scores[tag] = Score(before.right + answer.right, before.asked + 1)
    return scores


def history(exams: Sequence[Exam]) -> list[str]:
    """A line for each exam, the oldest first: day, score, what it was, minutes."""
    return [
        f"{exam.ended[:10]}  {exam.right:>2} of {len(exam.answers):>2}  {exam.percent:>3} %  "
        f"{exam.used / 60:>3.0f} of {exam.limit / 60:.0f} min  {exam.kind} "
        f"({exam.guide}), seed {exam.seed}"
        for exam in exams
    ]
