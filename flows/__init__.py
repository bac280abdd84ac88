"""What to do: the domain, the law, the diagnosis and the conversation, in pure Python.

Nothing here reads a clock, a database, the network or Telegram: *today* and *now* are arguments.
"""
