"""What pytest does for every test of this course, one concern in each module."""
