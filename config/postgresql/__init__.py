"""Django's backend for PostgreSQL, with a cheaper look whether a connection still lives (base.py)."""
