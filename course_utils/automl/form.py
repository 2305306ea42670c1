"""A form in the notebook: it makes the same call as anyone would write, and shows it."""

from typing import Any

from course_utils.automl import api, checks, intake
from course_utils.automl.columns import without_infinities
from course_utils.automl.families import FRAMEWORKS
from course_utils.automl.metrics import BINARY, REGRESSION
from course_utils.automl.progress import heard_by
from course_utils.automl.watch import Watch, alert
from course_utils.errors import CourseError

_NONE = "–"


def form(dataset: Any, name: str = "dataset") -> "Form":
    """A form for a search on some data; the last line of a cell shows it.

    Args:
        dataset: as for `classify`.
        name: what the data is called in your notebook, for the call that the form shows.
    """
    return Form(dataset, name)


class Form:
    """The form. While it searches it shows the trial, the best so far and the time that is left.

    Attributes:
        call: the call that the form makes, as text; it follows what is chosen.
        summary: what the search gave, after the button was pressed; None before.
        fields: the widgets, by the name of their argument, and "problem".
    """

    def __init__(self, dataset: Any, name: str) -> None:
        import ipywidgets as widgets

        self._dataset, self._name = dataset, name
        self.summary: api.AutoMLSummary | None = None
        columns = self._columns = _columns(dataset)
        wide = {"style": {"description_width": "9em"}, "layout": {"width": "32em"}}
        some = [_NONE, *columns]
        self.fields: dict[str, Any] = {
            "problem": widgets.Dropdown(
                options=["classify", "regress"], description="Problem", **wide
            ),
            "target_col": widgets.Dropdown(options=columns, description="Target", **wide),
            "primary_metric": widgets.Dropdown(options=list(BINARY), description="Metric", **wide),
            "exclude_cols": widgets.SelectMultiple(
                options=columns, description="Leave out", rows=4, **wide
            ),
            "exclude_frameworks": widgets.SelectMultiple(
                options=FRAMEWORKS, description="Without", rows=4, **wide
            ),
            "time_col": widgets.Dropdown(options=some, description="Split in order of", **wide),
            "split_col": widgets.Dropdown(options=some, description="Split column", **wide),
            "sample_weight_col": widgets.Dropdown(options=some, description="Weights", **wide),
            "timeout_minutes": widgets.BoundedFloatText(
                value=5, min=0.1, max=1440, step=0.5, description="Minutes", **wide
            ),
            "max_trials": widgets.BoundedIntText(
                value=0, min=0, max=10000, description="Trials (0: any)", **wide
            ),
            "experiment_name": widgets.Text(description="Experiment", **wide),
        }
        self._shown = widgets.HTML()
        self._button = widgets.Button(description="Search", button_style="primary")
        self._status = widgets.HTML()
        self._output = widgets.Output()
        self.fields["problem"].observe(self._on_problem, "value")
        for field in self.fields.values():
            field.observe(lambda _: self._on_choice(), "value")
        self._button.on_click(lambda _: self._search())
        below = [self._shown, self._button, self._status, self._output]
        self._box = widgets.VBox([*self.fields.values(), *below])
        self._show_call()

    def arguments(self) -> dict[str, Any]:
        """The arguments that are chosen, those that are left as they are left out."""
        chosen: dict[str, Any] = {}
        for name, field in self.fields.items():
            value = list(field.value) if isinstance(field.value, tuple) else field.value
            if name != "problem" and value not in (_NONE, "", 0, []):
                chosen[name] = value
        return chosen

    @property
    def call(self) -> str:
        """The call, as one would write it."""
        given = "".join(f",\n    {name}={value!r}" for name, value in self.arguments().items())
        return f"summary = automl.{self.fields['problem'].value}(\n    {self._name}{given},\n)"

    def _on_problem(self, change: dict[str, Any]) -> None:
        known = BINARY if change["new"] == "classify" else REGRESSION
        self.fields["primary_metric"].options = list(known)

    def _on_choice(self) -> None:
        self._show_call()
        self._status.value = self._complaint()

    def _show_call(self) -> None:
        import html

        self._shown.value = f"<pre>{html.escape(self.call)}</pre>"

    def _complaint(self) -> str:
        """What a search would refuse and can be seen without one."""
        import pandas as pd

        chosen = self.arguments()
        target = chosen["target_col"]
        roles = {name: chosen.get(name) for name in ("time_col", "split_col", "sample_weight_col")}
        left_out = chosen.get("exclude_cols", [])
        kind = "classification" if self.fields["problem"].value == "classify" else "regression"
        try:
            checks.check_names(self._columns, target, left_out, roles, None)
            if isinstance(self._dataset, pd.DataFrame):
                column = self._dataset.iloc[:, [self._columns.index(target)]]
                checks.check_target(without_infinities(intake.plain(column))[0][target], kind)
        except CourseError as error:
            return alert(error)
        return ""

    def _search(self) -> None:
        """Do what the button does: make the call, show how it goes and what came of it."""
        function = api.classify if self.fields["problem"].value == "classify" else api.regress
        self._output.clear_output()
        self._button.disabled = True
        watch = Watch(self._status)
        try:
            with self._output, watch, heard_by(watch.hear):
                try:
                    self.summary = function(self._dataset, **self.arguments())
                    print(self.summary)
                except CourseError as error:
                    watch.refused(error)
        finally:
            self._button.disabled = False

    def press(self) -> None:
        """Press the button."""
        self._button.click()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        # Where no widgets are shown, such as on a page, the call says what the form says
        return self._box._repr_mimebundle_(**options) | {"text/plain": self.call}


def _columns(dataset: Any) -> list[str]:
    """The names of the columns; a table is opened for them.

    Raises:
        CourseError: the table cannot be read.
    """
    if isinstance(dataset, str):
        dataset = intake.read_table(dataset, intake.active_session())
    return [str(name) for name in dataset.columns]
