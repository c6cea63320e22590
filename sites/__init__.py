"""Where and what is asked: site.toml, weather, grid, tariff, maps, fleet. Knows no Pyomo."""

from .load import load_site
from .problems import Problem, SiteProblems
from .site import DesignConditions, Site

__all__ = ["DesignConditions", "Problem", "Site", "SiteProblems", "load_site"]
