"""An exam that is going on: nothing is lost, whenever it is stopped; the clock included."""

import tempfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.errors import CourseError
from course_utils.exam import guide, opening, record
from course_utils.exam.bank import Bank
from course_utils.exam.kept import Record, Sitting
from course_utils.exam.sitting import Session, TimeUpError, clock, judge, shuffled
from course_utils.quiz import QuizQuestion
from tests.unit.exam_helpers import Clock, bank, now, right_letters, workbook

__all__ = ["now", "workbook"]

BANK = bank()


def _begun(now: Clock, seed: int = 1, domain: int | None = None) -> Session:
    opening.begin(BANK, seed=seed, domain=domain)
    return Session(BANK, now)


# --- stopped and resumed at every step --------------------------------------------------------

Step = tuple[str, int, float]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pick", "clear", "mark", "go", "next", "back", "save"]),
        st.integers(0, 47),
        st.floats(0, 60),
    ),
    max_size=12,
)


def _do(session: Session, step: Step, now: Clock) -> None:
    what, number, seconds = step
    now.pass_(seconds)
    acts: dict[str, Callable[[], object]] = {
        "pick": lambda: session.pick("ABCD"[number % 4]),
        "clear": lambda: session.pick(""),
        "mark": session.mark,
        "go": lambda: session.go(number),
        "next": lambda: session.step(1),
        "back": lambda: session.step(-1),
        "save": session.save,
    }
    acts[what]()


def _after(steps: list[Step], stop: bool, hours: float) -> Sitting:
    """What is kept after the steps, in one go or stopped for hours after each."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_WORKBOOK", folder)
        patch.setattr(record, "now", lambda: "2026-01-01T00:00:00+00:00")
        now = Clock()
        session = _begun(now)
        for step in steps:
            _do(session, step, now)
            if stop:
                session.stop()
                now.pass_(3600 * hours)
                session = Session(BANK, now)
        session.stop()
        kept = record.load().sitting
        assert kept is not None
        return kept


@given(STEPS, st.floats(0, 100))
@settings(max_examples=20, deadline=None)
def test_stopping_after_every_step_changes_nothing(steps: list[Step], hours: float) -> None:
    straight, stopped = _after(steps, False, 0), _after(steps, True, hours)
    assert stopped.used == pytest.approx(straight.used, abs=0.05)
    assert replace(stopped, used=0, window="") == replace(straight, used=0, window="")


def test_what_was_done_before_a_kill_is_there(now: Clock) -> None:
    session = _begun(now)
    now.pass_(30)
    session.pick("C")
    session.step(1)
    now.pass_(500)  # and here the process dies
    again = Session(BANK, now)
    assert again.sitting.at == 1
    assert again.letters(0) == "C"
    assert again.left() == 90 * 60 - 30


# --- the clock ----------------------------------------------------------------------------------


def test_the_clock_counts_while_the_exam_is_open_and_no_longer(now: Clock) -> None:
    session = _begun(now)
    now.pass_(60)
    assert clock(session.left()) == "89:00"
    session.stop()
    now.pass_(10_000)
    assert clock(session.left()) == "89:00"
    again = Session(BANK, now)
    now.pass_(1.5)
    assert clock(again.left()) == "88:58"


def test_an_answer_that_comes_too_late_does_not_count(now: Clock) -> None:
    session = _begun(now)
    session.pick("A")
    now.pass_(90 * 60)
    for late in (lambda: session.pick("B"), session.mark, lambda: session.go(5), session.save):
        with pytest.raises(TimeUpError):
            late()
    assert session.letters(0) == "A"
    exam = session.hand_in()
    assert exam.used == exam.limit == 90 * 60


def test_time_that_is_up_stays_up_after_a_stop(now: Clock) -> None:
    session = _begun(now)
    now.pass_(90 * 60 + 5)
    session.stop()
    again = Session(BANK, now)
    assert again.left() == 0
    with pytest.raises(TimeUpError):
        again.pick("A")


@pytest.mark.parametrize(("domain", "minutes"), [(1, 34), (2, 17), (3, 28), (4, 11)])
def test_a_domain_has_its_share_of_the_time(domain: int, minutes: int, now: Clock) -> None:
    assert _begun(now, domain=domain).left() == 60 * minutes


# --- answers ------------------------------------------------------------------------------------


def _answer_all(session: Session) -> None:
    for place in range(len(session.sitting.questions)):
        session.go(place)
        session.pick(right_letters(session.entry, session.options()))


def test_all_right_is_a_hundred_percent(now: Clock) -> None:
    session = _begun(now)
    _answer_all(session)
    exam = session.hand_in()
    assert (exam.right, exam.percent) == (48, 100)
    assert record.load().sitting is None
    assert record.load().exams == (exam,)


def test_what_has_no_answer_is_wrong(now: Clock) -> None:
    assert _begun(now).hand_in().right == 0


def test_several_options_count_only_if_exactly_right() -> None:
    question = BANK.by_id["2025-1-1"].question
    right = [option.text for option in question.options if option.right]
    assert isinstance(question, QuizQuestion)
    assert judge(question, right)
    assert not judge(question, right[:1])
    assert not judge(question, [option.text for option in question.options])


def test_an_answer_can_be_changed_and_taken_back(now: Clock) -> None:
    session = _begun(now)
    session.pick("a")
    session.pick("D")
    assert session.letters() == "D"
    session.pick("")
    assert session.letters() == ""
    assert 0 in session.open_places()


def test_letters_that_cannot_be_are_refused_and_nothing_changes(now: Clock) -> None:
    session = _begun(now)
    while session.entry.question.multiple:
        session.step(1)
    session.pick("B")
    with pytest.raises(CourseError, match="There is no option E: A to D"):
        session.pick("E")
    with pytest.raises(CourseError, match="One option is right"):
        session.pick("AB")
    with pytest.raises(CourseError, match="There is no question 49: there are 1 to 48"):
        session.go(48)
    assert session.letters() == "B"


def test_the_first_and_the_last_question_have_no_neighbour(now: Clock) -> None:
    session = _begun(now)
    assert not session.step(-1)
    session.go(47)
    assert not session.step(1)
    assert session.sitting.at == 47


def test_options_are_shuffled_by_the_seed() -> None:
    orders = {tuple(o.text for o in shuffled(BANK.entries[0], seed)) for seed in range(60)}
    assert len(orders) > 10
    again = [shuffled(BANK.entries[0], 5) for _ in range(2)]
    assert again[0] == again[1]


# --- beginning, dropping, another window, another bank ------------------------------------------


def test_a_second_exam_does_not_push_out_the_first(now: Clock) -> None:
    _begun(now, seed=11)
    with pytest.raises(CourseError, match=r"seed 11.*--discard drops it"):
        opening.begin(BANK, seed=12)
    dropped = opening.discard()
    assert dropped is not None
    assert dropped.seed == 11
    assert opening.discard() is None
    assert opening.begin(BANK, seed=12).seed == 12


def test_without_a_seed_each_exam_is_another() -> None:
    first = opening.begin(BANK).questions
    opening.discard()
    assert opening.begin(BANK).questions != first


def test_the_earlier_guide_asks_45(now: Clock) -> None:
    sitting = opening.begin(BANK, guide.EARLIER, seed=1)
    assert len(sitting.questions) == 45
    assert sitting.limit == 90 * 60


def test_a_domain_that_is_not_there_is_said() -> None:
    with pytest.raises(CourseError, match="There is no domain 5"):
        opening.begin(BANK, domain=5)


def test_only_mistakes(now: Clock) -> None:
    session = _begun(now)
    _answer_all(session)
    session.go(3)
    session.pick("")
    missed = session.asked.id
    session.hand_in()
    again = opening.begin(BANK, mistakes=True)
    assert [asked.id for asked in again.questions] == [missed]
    assert again.limit == 120


def test_without_a_mistake_there_is_nothing_to_ask() -> None:
    with pytest.raises(CourseError, match="No question was answered wrongly"):
        opening.begin(BANK, mistakes=True)


def test_no_exam_is_going_on() -> None:
    with pytest.raises(CourseError, match="No exam is going on"):
        Session(BANK)


def test_a_step_that_was_cut_off_does_no_harm(now: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    session = _begun(now)

    def cut_off(change: Callable[[Record], Record]) -> Record:
        update(change)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        update = record.update
        patch.setattr(record, "update", cut_off)
        with pytest.raises(KeyboardInterrupt):
            session.step(1)
    session.stop()
    assert Session(BANK, now).sitting.at in (0, 1)


def test_the_window_that_opened_it_first_may_not_write_any_more(now: Clock) -> None:
    first = _begun(now)
    second = Session(BANK, now)
    second.pick("A")
    for late in (lambda: first.pick("B"), first.stop, first.hand_in):
        with pytest.raises(CourseError, match="opened in another window"):
            late()
    assert Session(BANK, now).letters(0) == "A"


def test_a_question_that_is_gone_is_said_and_left_out(now: Clock) -> None:
    session = _begun(now)
    session.go(20)
    gone = [session.sitting.questions[place].id for place in (3, 30)]
    here = session.asked.id
    session.stop()
    smaller = Bank(tuple(each for each in BANK.entries if each.id not in gone))
    again = Session(smaller, now)
    assert again.gone == gone
    assert len(again.sitting.questions) == 46
    assert again.asked.id == here
    assert len(again.hand_in().answers) == 46


def test_an_option_that_is_gone_is_not_picked_any_more(now: Clock) -> None:
    session = _begun(now)
    session.pick("A")
    id, text = session.asked.id, session.asked.picked[0]
    session.stop()
    old = BANK.by_id[id]
    options = tuple(replace(o, text="other") if o.text == text else o for o in old.question.options)
    other = replace(old, question=replace(old.question, options=options))
    changed = Bank(tuple(other if each.id == id else each for each in BANK.entries))
    assert Session(changed, now).letters(0) == ""


def test_a_bank_without_any_of_the_questions(now: Clock) -> None:
    _begun(now).stop()
    with pytest.raises(CourseError, match="--discard"):
        Session(Bank(()), now)
