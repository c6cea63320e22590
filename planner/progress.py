"""What a run says of itself while it works."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Progress:
    """One report: what is being done, bounds in USD where there are any, seconds since the start, and of these in months and in the master."""

    step: str
    lower_bound: float | None
    upper_bound: float | None
    gap: float | None
    seconds: float
    seconds_blocks: float = 0.0
    seconds_master: float = 0.0


@dataclass
class Reporter:
    """Passes reports on to whoever listens, with the time since it was made."""

    listener: Callable[[Progress], None] | None = None
    started: float = field(default_factory=time.monotonic)

    def __call__(self, step: str, lower: float | None = None, upper: float | None = None, *, blocks: float = 0.0, master: float = 0.0) -> None:
        if self.listener is not None:
            self.listener(Progress(step, lower, upper, relative_gap(lower, upper), self.seconds, blocks, master))

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started


def relative_gap(lower: float | None, upper: float | None) -> float | None:
    """(upper - lower) / |upper|, None where a bound is missing."""
    if lower is None or upper is None or math.isinf(lower) or math.isinf(upper):
        return None
    return 0.0 if upper == lower else (upper - lower) / max(abs(upper), 1e-9)
