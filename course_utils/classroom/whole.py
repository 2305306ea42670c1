"""Texts of submissions that no file can hold as they are."""


def whole(text: str) -> str:
    """The text with halves of characters spelled out.

    File names that are not UTF-8, and escapes such as "\\\\ud800" in a notebook, become such halves
    in Python: they can neither be written to a file nor be sent to a kernel.
    """
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")
