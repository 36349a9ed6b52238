"""The science of finding: which passages bear on a claim, in what order, and why."""
