"""Alembic's folder: `env.py` runs the revisions of `versions/`, named 0001, 0002 and so on."""
