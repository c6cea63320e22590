"""What every run of the tests begins with."""

import gc

from hypothesis import settings

settings.register_profile("any machine", deadline=None)  # an example that takes long on a busy machine proves as much
settings.load_profile("any machine")


def pytest_collection_finish() -> None:
    """All that is loaded by now stays to the end: no collection of garbage, of which every plan has several, needs to look through it again."""
    gc.collect()
    gc.freeze()
