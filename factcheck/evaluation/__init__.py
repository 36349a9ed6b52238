"""Measuring and training. Imports text, retrieval and models; nothing imports it but its two commands."""
