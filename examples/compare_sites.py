"""Rank the example sites by net present cost per MW of peak IT and write the ranking to a folder.

    python examples/compare_sites.py OUT
"""

import sys
from pathlib import Path

from dcplan.planner import compare

EXAMPLES = Path(__file__).parent


def main(folder: Path) -> None:
    """Plan every example and write ranking.csv, cheapest MW first."""
    # One row a site: the figures of its plan, or the problem that kept it from one.
    table = compare(sorted(EXAMPLES.glob("*/site.toml")))

    # Sites differ in size, so cost is set against the highest IT load; sites without a plan, or with a measured load, have none and come last.
    table["cost_musd_per_mw"] = table["net_present_cost_usd"] / table["peak_it_mw"].replace(0.0, float("nan")) / 1e6
    ranked = table.sort_values("cost_musd_per_mw", ignore_index=True)

    folder.mkdir(parents=True, exist_ok=True)
    ranked.to_csv(folder / "ranking.csv", index=False)
    print(ranked[["site", "cost_musd_per_mw", "peak_it_mw", "pue", "status"]].to_string(index=False))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python examples/compare_sites.py OUT")
    main(Path(sys.argv[1]))
