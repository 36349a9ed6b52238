"""The partners' door, version 1: parse, call one verb, show."""
