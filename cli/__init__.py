"""Talk: one file a command, each parses and delegates."""
