"""The short path: queries by GET that are answered in front of the application."""
