"""What proves the checks of a lesson: an author's tools."""
