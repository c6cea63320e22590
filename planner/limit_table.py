"""limits.csv, in a plan's folder and in its exports: what a unit more of each limit would save."""

import pandas as pd
import xarray as xr

COLUMNS = ("limit", "phase", "price_relaxed", "price_chosen", "unit")


def limit_table(dataset: xr.Dataset) -> pd.DataFrame:
    """A row for each limit and phase that has a price: net present USD that a unit more would save, in the relaxation and with units as chosen."""
    if "limit" not in dataset:
        return pd.DataFrame(columns=list(COLUMNS))
    prices = dataset[["limit_price_relaxed", "limit_price_chosen"]].to_dataframe().dropna(how="all").reset_index()
    units = {str(limit): f"USD per {unit}" for limit, unit in zip(dataset["limit"].values, dataset["limit_unit"].values)}
    frame = prices.rename(columns=lambda name: name.removeprefix("limit_")).assign(unit=[units[name] for name in prices["limit"]])
    return frame.reindex(columns=list(COLUMNS))
