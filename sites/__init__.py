"""Where and what is asked: site.toml, weather, grid, tariff, maps, fleet. Knows no Pyomo."""
