"""How often machines fail, and what is left when they do: closed tables and a chronological simulation."""
