"""Set up what the course needs and say what is missing."""
