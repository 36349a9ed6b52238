"""The verbs: the only code that changes a status. One file per stem; transitions.py is what they stand on."""
