"""How heat is captured at the rack and rejected outside: one formulation a file."""
