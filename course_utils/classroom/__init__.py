"""What an instructor needs: grading in a sandbox, the class's progress, and certificates."""
