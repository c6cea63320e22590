"""What things are: physics, technologies, money, catalogue. Knows no place, no file format, no solver."""
