"""The conversation: states and transitions declared as data, screens, one `step` function."""
