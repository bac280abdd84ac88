"""The bot killed at every point of its way, hurt in every way, through scripted months: `python -m tests.chaos`."""
