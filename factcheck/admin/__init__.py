"""The administrators' door. Whatever has a verb is read-only here, and changed by actions that call the verb."""

from factcheck.admin.site import site

__all__ = ["site"]
