"""Letters to choose from in the notebook: radio buttons, or boxes to tick."""

from collections.abc import Callable

import ipywidgets as widgets


class Choice:
    """Letters to choose from: one of them, or with `multiple` several."""

    def __init__(self, letters: str, multiple: bool, chosen: str = "") -> None:
        self._ticks: list[widgets.Checkbox] = []
        self._radio: widgets.RadioButtons | None = None
        if multiple:
            self._ticks = [
                widgets.Checkbox(
                    letter in chosen, description=letter, indent=False,
                    layout=widgets.Layout(width="4em"),
                )
                for letter in letters
            ]  # fmt: skip
            self.box: widgets.Widget = widgets.HBox(self._ticks)
        else:
            self._radio = widgets.RadioButtons(
                options=list(letters), value=chosen or None, description="Answer:",
                orientation="horizontal",
            )  # fmt: skip
            self.box = self._radio

    @property
    def letters(self) -> str:
        """What is chosen now: "", "B", "AC"."""
        if self._radio is not None:
            return self._radio.value or ""
        return "".join(tick.description for tick in self._ticks if tick.value)

    def set(self, letters: str) -> None:
        """Chooses these letters and no others."""
        if self._radio is not None:
            self._radio.value = letters or None
        for tick in self._ticks:
            tick.value = tick.description in letters

    def on_change(self, call: Callable[[], None]) -> None:
        """Calls back whenever another choice is made."""
        for widget in self._ticks or [self._radio]:
            assert widget is not None
            widget.observe(lambda change: call(), names="value")

    def disable(self, value: bool) -> None:
        """Makes the letters unchangeable, or changeable again."""
        for widget in self._ticks or [self._radio]:
            assert widget is not None
            widget.disabled = value
