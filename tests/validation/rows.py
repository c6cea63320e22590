"""A row of validation: figure, source, ours, tolerance. What fails says all four."""


def near(figure: str, source: str, published: float, ours: float, tolerance: float) -> None:
    """Ours within the tolerance of the published figure."""
    assert abs(ours - published) <= tolerance, f"{figure}: {published:g} published ({source}), {ours:.4g} ours, {tolerance:g} tolerated"


def inside(figure: str, source: str, least: float, most: float, ours: float) -> None:
    """Ours within a published band."""
    assert least <= ours <= most, f"{figure}: {least:g} to {most:g} published ({source}), {ours:.4g} ours"


def reaches_down_to(figure: str, source: str, published: float, ours: float, tolerance: float) -> None:
    """Ours at most a published low end, with its tolerance."""
    assert ours <= published + tolerance, f"{figure}: down to {published:g} published ({source}), {ours:.4g} ours, {tolerance:g} tolerated"
