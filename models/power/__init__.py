"""Where electricity comes from, goes through and is kept: one formulation a file."""
