"""A figure is shown with its words, in one style, once."""

import base64
import io
import re
from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure
from PIL import Image

from course_utils.errors import CourseError
from course_utils.figures import render
from course_utils.timing import Timing, measure

ALT = 'Two bars, "a" and <b>, of equal height.'


@pytest.fixture
def fig() -> Iterator[Figure]:
    figure, axes = plt.subplots()
    axes.bar(["a", "b"], [1, 1])
    yield figure
    plt.close(figure)


def picture(html: str) -> Image.Image:
    found = re.search(r'base64,([^"]+)"', html)
    assert found is not None
    return Image.open(io.BytesIO(base64.b64decode(found[1])))


def test_the_words_are_in_the_page_and_in_plain_text(fig: Figure) -> None:
    bundle = render(fig, ALT, "Counted & drawn.")
    assert bundle["text/plain"] == f"Figure: {ALT}\nCounted & drawn."
    assert 'alt="Two bars, &quot;a&quot; and &lt;b&gt;, of equal height."' in bundle["text/html"]
    assert "Counted &amp; drawn.</figcaption>" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]


def test_the_picture_is_sharper_than_it_is_wide(fig: Figure) -> None:
    html = render(fig, ALT)["text/html"]
    image = picture(html)
    assert image.format == "PNG"
    assert 'width="700"' in html
    assert image.width == 1050


def test_two_prices_in_a_caption_are_no_formula(fig: Figure) -> None:
    html = render(fig, ALT, "From $4 to $33.")["text/html"]
    assert '<figcaption class="mathjax_ignore">From $4 to $33.</figcaption>' in html


def test_a_dark_page_turns_the_figure_dark_and_no_other_page_does(fig: Figure) -> None:
    html = render(fig, ALT)["text/html"]
    selector, rule = re.findall(r"<style>(.*?){(.*?)}</style>", html)[0]
    assert selector == '[data-jp-theme-light="false"] .course-figure img'
    assert "invert" in rule
    assert 'class="course-figure"' in html


def test_the_same_figure_gives_the_same_bytes() -> None:
    def once() -> str:
        figure, axes = plt.subplots()
        axes.plot([1, 2, 3])
        return render(figure, ALT)["text/html"]

    assert once() == once()


def test_axes_will_do_and_the_figure_is_closed(fig: Figure) -> None:
    render(fig.axes[0], ALT)
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "img", "   ", "A figure."])
def test_words_that_say_nothing_are_refused(fig: Figure, alt: str) -> None:
    with pytest.raises(CourseError, match="does not say what the figure shows"):
        render(fig, alt)


def test_only_figures() -> None:
    with pytest.raises(CourseError, match="not a matplotlib figure"):
        render("fig", ALT)  # type: ignore[arg-type]


def _luminance(color: str) -> float:
    parts = [int(color.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_lines_differ_in_more_than_color() -> None:
    cycle = mpl.rcParams["axes.prop_cycle"].by_key()
    assert len({str(style) for style in cycle["linestyle"]}) == len(cycle["color"])
    contrasts = [1.05 / (_luminance(color) + 0.05) for color in cycle["color"]]
    assert min(contrasts) > 2
    assert all(contrast > 3 for contrast in contrasts[:3])


def test_a_timing_says_its_spread() -> None:
    assert str(Timing((0.40, 0.42, 0.51))) == "0.42 s (median of 3; 0.40–0.51)"
    assert str(Timing((1.5,))) == "1.50 s (one run)"
    assert str(Timing((0.0012, 0.0014, 0.0013))) == "0.0013 s (median of 3; 0.0012–0.0014)"


def test_each_repeat_is_a_call() -> None:
    calls: list[int] = []
    timing = measure(lambda: calls.append(1), repeats=3)
    assert len(calls) == timing.n == 3
    assert 0 <= timing.minimum <= timing.median <= timing.maximum
    with pytest.raises(CourseError, match="at least 1"):
        measure(lambda: None, repeats=0)
