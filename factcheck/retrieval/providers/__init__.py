"""Where sources come from: one file each, one interface, `search(claims) -> {claim: [Candidate, …]}`, best first."""
