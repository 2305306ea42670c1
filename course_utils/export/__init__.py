"""The course's notebooks in forms that other places import."""
