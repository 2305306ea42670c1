"""Figures that everyone can read: one style, and a text for those who don't see the picture."""

import base64
import io
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from course_utils.errors import CourseError

# Importing this module, which `from course_utils import show` does, is what turns the style on:
# it has to hold before the first figure is made.
STYLE = Path(__file__).with_name("course.mplstyle")
plt.style.use(STYLE)

SHORTEST_ALT = 20  # characters; less cannot say what a figure shows
# A notebook may weigh 400 KB. Crisp text on dense screens wants more pixels than are shown, and a
# cloud of points compresses badly: with these two a scatter plot of 1,400 points takes 65 KB.
_SHARPNESS = 1.5  # pixels stored per pixel shown
_COLORS = 64
# A figure is drawn for white paper. In JupyterLab's dark themes, which mark the page so, it is
# turned into light lines on the page's near-black; hues stay, so words about colours stay true.
_DARK = (
    '<style>[data-jp-theme-light="false"] .course-figure img'
    "{filter:invert(.93) hue-rotate(180deg)}</style>"
)


def show(fig: Figure | Axes, alt: str, caption: str | None = None) -> None:
    """Show a matplotlib figure with its text alternative, and close it.

    Args:
        fig: a figure, or the axes of one.
        alt: what a person who can't see the figure needs to know, in a sentence or two: kind of
            figure, axes with units, the finding. Screen readers speak it, plain terminals print it.
        caption: shown below the figure to everyone.

    Raises:
        CourseError: the alternative is missing or says nothing.
    """
    from IPython.display import display

    display(render(fig, alt, caption), raw=True)


def render(fig: Figure | Axes, alt: str, caption: str | None = None) -> dict[str, str]:
    """The figure as a bundle of `text/html` (an `<img alt>` holding a PNG) and `text/plain`.

    The figure is closed, so that the notebook does not show it a second time.

    Raises:
        CourseError: the alternative is missing or says nothing.
    """
    figure = fig.get_figure(root=True) if isinstance(fig, Axes) else fig
    if not isinstance(figure, Figure):
        raise CourseError("show() got something that is not a matplotlib figure: pass it `fig`.")
    alt = " ".join(alt.split())
    if len(alt) < SHORTEST_ALT:
        raise CourseError(
            f"show() got the alt text {alt!r}, which does not say what the figure shows: "
            "write a sentence with the kind of figure, its axes and what is to be seen."
        )
    png = _png(figure)
    width = round(figure.get_figwidth() * figure.dpi)
    plt.close(figure)

    source = "data:image/png;base64," + base64.b64encode(png).decode("ascii")
    html = (
        f'{_DARK}<figure class="course-figure" style="margin:0">'
        f'<img alt="{escape(alt)}" width="{width}" '
        f'style="max-width:100%;height:auto" src="{source}">'
    )
    if caption:
        # or JupyterLab would set what stands between two prices, "$4 … $33", as a formula
        html += f'<figcaption class="mathjax_ignore">{escape(caption)}</figcaption>'
    text = f"Figure: {alt}" + (f"\n{caption}" if caption else "")
    return {"text/html": html + "</figure>", "text/plain": text}


def _png(figure: Figure) -> bytes:
    """A small PNG; the same figure gives the same bytes."""
    raw = io.BytesIO()
    figure.savefig(raw, format="png", dpi=figure.dpi * _SHARPNESS)
    raw.seek(0)
    with Image.open(raw) as image:
        small = image.convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE)
    packed = io.BytesIO()
    small.save(packed, format="PNG", optimize=True)
    return packed.getvalue()
