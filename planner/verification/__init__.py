"""What `dcplan verify` recomputes from a site and a written plan. Shares nothing with the code that builds and solves the programme."""
