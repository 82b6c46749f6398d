"""What is written down of each request: lines in the log, and numbers."""
