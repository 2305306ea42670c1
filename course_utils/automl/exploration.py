"""The notebook that looks at the data before any model does."""

from typing import TYPE_CHECKING

from course_utils.automl.cells import assign
from course_utils.automl.notebook import SHOW, Cells, build
from course_utils.automl.task import FOLD, SPLIT, Task

if TYPE_CHECKING:
    import nbformat

_DRAWN = 12  # columns whose distribution is drawn, and names on the axes of the correlations


def exploration(task: Task, data: str, notes: list[str], rows: str) -> "nbformat.NotebookNode":
    """The exploration notebook.

    Args:
        task: the problem.
        data: path of the data as the notebook shall name it.
        notes: the warnings.
        rows: a sentence on the rows that are there.
    """
    features = task.features
    listed = "\n".join(f"- {note}" for note in notes) or "Nothing suspicious was found."
    meaning = "\n".join(
        f"| {about} | {', '.join(f'`{name}`' for name in names) or '–'} |"
        for about, names in (
            ("numbers", features.numbers),
            ("dates", features.dates),
            ("names of few kinds", features.categories),
            ("names of many kinds", features.many),
        )
    )
    parts: Cells = [
        (
            f"# The data behind `{task.target}`\n\n{rows} Test rows are left out of all that "
            "follows: who looks at them chooses by them.",
            "import numpy as np\nimport pandas as pd\n\n"
            f'data = pd.read_parquet("{data}")\n'
            f'data = data[data["{SPLIT}"] != "test"].drop(columns=["{SPLIT}", "{FOLD}"])\n'
            "data.head()",
            [],
        ),
        (f"## Warnings\n\n{listed}", "", []),
        (
            f"## What the columns mean\n\n| kind | columns |\n|---|---|\n{meaning}\n\n"
            "The types in the file, distinct and missing values:",
            _TYPES,
            [],
        ),
        ("## Figures\n\nEach figure carries a text for those who do not see it.", SHOW, []),
        (
            "## Missing values\n\nThe share of missing values in each column that has any.",
            _MISSING,
            [],
        ),
        (f"## The target\n\nHow `{task.target}` is distributed.", _target(task), []),
    ]
    if features.numbers:
        parts += [
            (
                "## Numbers\n\nHow the numbers are distributed; up to twelve of them are drawn.",
                assign("NUMBERS", list(features.numbers)) + "\n" + _NUMBERS,
                [],
            ),
            (
                "## Correlations\n\nRank correlations of the numbers with the target"
                f"{_coded(task)}. One feature alone may look weak and yet matter.",
                _correlations(task),
                [],
            ),
        ]
    if features.categories or features.many:
        names = [*features.categories, *features.many]
        parts.append(
            (
                "## Names\n\nThe most frequent values of each column.",
                assign("CATEGORIES", names) + "\n" + _CATEGORIES,
                [],
            )
        )
    return build(parts)


_TYPES = """\
pd.DataFrame({
    "type": data.dtypes.astype(str),
    "distinct": data.nunique(),
    "missing": data.isna().sum(),
    "example": [data[name].dropna().iloc[0] if data[name].notna().any() else None
                for name in data.columns],
})"""

_MISSING = """\
share = data.isna().mean().sort_values()
share = share[share > 0].tail(20)
if share.empty:
    print("No value is missing.")
else:
    figure, axes = plt.subplots(figsize=(7, 0.3 * len(share) + 1.2))
    axes.barh(share.index, 100 * share, color="#0072B2")
    axes.set(xlabel="missing values (%)", title="Where values are missing")
    most = f"{share.index[-1]} lacks most, {share.iloc[-1]:.1%} of its values"
    display(show(figure, f"Bar chart of the share of missing values per column; {most}."))"""

_NUMBERS = f"""\
drawn = NUMBERS[:{_DRAWN}]
figure, grid = plt.subplots(-(-len(drawn) // 3), 3, figsize=(9, 2.2 * -(-len(drawn) // 3)),
                            squeeze=False, layout="constrained")
for axes in grid.flat[len(drawn):]:
    axes.axis("off")
for name, axes in zip(drawn, grid.flat):
    values = pd.to_numeric(data[name], errors="coerce").astype(float)
    axes.hist(values[np.isfinite(values)], bins=30, color="#0072B2")
    axes.set(title=name, ylabel="rows")
show(figure, f"Histograms, one for each of {{', '.join(drawn)}}; rows over values.")"""

_CATEGORIES = """\
for name in CATEGORIES:
    print(data[name].value_counts(dropna=False).head(8).to_string(), "\\n")"""


def _coded(task: Task) -> str:
    return f", which is 1 for {task.positive!r} and else 0" if task.positive is not None else ""


def _target(task: Task) -> str:
    name = task.target
    if task.classes:
        return f"""\
counts = data[{name!r}].value_counts().sort_index()
figure, axes = plt.subplots(figsize=(6, 3))
axes.bar(counts.index.astype(str), counts, color="#0072B2")
axes.set(xlabel={name!r}, ylabel="rows", title="Rows per class")
listed = ", ".join(f"{{label}} {{count:,}}" for label, count in counts.items())
show(figure, f"Bar chart of rows per class: {{listed}}.")"""
    return f"""\
target = data[{name!r}]
figure, axes = plt.subplots(figsize=(6, 3))
axes.hist(target, bins=50, color="#0072B2")
axes.axvline(target.median(), color="#D55E00", linestyle="--", label="median")
axes.set(xlabel={name!r}, ylabel="rows", title="Distribution of the target")
axes.legend()
show(figure, f"Histogram of the target; median {{target.median():.4g}}, "
             f"from {{target.min():.4g}} to {{target.max():.4g}}.")"""


def _correlations(task: Task) -> str:
    target = f"data[{task.target!r}]"
    if task.positive is not None:
        target = f"({target} == {task.positive!r}).astype(float)"
    elif task.classes:
        target = f"pd.Series(pd.factorize({target}, sort=True)[0], index=data.index)"
    return f"""\
numbers = data[NUMBERS].apply(pd.to_numeric, errors="coerce").astype(float)
with_target = numbers.corrwith({target}, method="spearman").dropna()
strongest = with_target.loc[with_target.abs().sort_values().index[-{_DRAWN}:]]
figure, axes = plt.subplots(figsize=(7, 0.3 * len(strongest) + 1.2))
axes.barh(strongest.index, strongest, color="#0072B2")
axes.set(xlabel="rank correlation with the target", xlim=(-1, 1),
         title="How numbers go with the target")
listed = ", ".join(f"{{k}} {{v:.2f}}" for k, v in strongest[::-1].head(3).items())
show(figure, f"Bar chart of rank correlations with the target; the strongest: {{listed}}.")"""
