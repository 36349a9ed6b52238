"""The pages, one file per stem. A view parses, calls one verb, and shows."""
