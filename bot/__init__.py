"""How it reaches people: the only room that knows Telegram, SQL, the clock and the command line."""
