"""What every run of the tests begins with."""

import gc


def pytest_collection_finish() -> None:
    """All that is loaded by now stays to the end: no collection of garbage, of which every plan has several, needs to look through it again."""
    gc.collect()
    gc.freeze()
