"""Telegram: updates in, screens out. The library is imported only where it is spoken to."""

import os

# Waiting times as timedelta: the library warns, on every 429, about the integers it is to drop.
os.environ.setdefault("PTB_TIMEDELTA", "1")
