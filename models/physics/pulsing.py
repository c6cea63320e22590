"""Training as a pulsing load: what swings, how fast, and the power and energy of storage that keeps it within what a utility allows.

A training step is a square wave of period T: power P for a share D of it (the compute phase), P (1 - d) for the rest (the exchange phase),
with edges of length tau. A job that stops, or fails, drops from P by a share d_s within tau_s.

    mean             P (1 - d (1 - D))                         about which storage works; a plan's energy is by the utilisation of its hours
    swing, ramp      d P,  d P / tau
    step             the grid may follow by A = min(band, ramp limit x tau), in step with the load and about the same mean
                     storage power   max(0, d P - A) max(D, 1 - D)              the larger of giving above the mean and taking below it
                     storage energy  max(0, d P - A) D (1 - D) T                what goes in and out once a period
    stop             the grid falls at the ramp limit r while the load has gone
                     storage power   max(0, d_s P - r tau_s)
                     storage energy  power x d_s P / (2 r)                      a triangle in time

Powers in MW, times in seconds, ramps in MW/second; depth, duty and stop depth are shares, 0 to 1. Floats or arrays. The shape is that of Choukse
et al., Power Stabilization for AI Training Datacenters (2025); the arithmetic follows from it.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pulse:
    """The shape of a training load: depth, duty, stop_depth as shares of its peak; period, edge, stop_time in seconds."""

    depth: float
    duty: float
    period: float
    edge: float
    stop_depth: float
    stop_time: float


@dataclass(frozen=True)
class Allowed:
    """What a utility allows: ramp in MW/second, band (peak to peak) in MW; infinite where it sets no limit."""

    ramp: float = np.inf
    band: float = np.inf


def swing(peak, pulse: Pulse):
    """Peak to peak within a period."""
    return peak * pulse.depth


def ramp(peak, pulse: Pulse):
    """Rate at the edges of a period."""
    return swing(peak, pulse) / pulse.edge


def followed(pulse: Pulse, allowed: Allowed) -> float:
    """Peak to peak that the grid may follow within an edge."""
    return min(allowed.band, allowed.ramp * pulse.edge)


def step_power(peak, pulse: Pulse, allowed: Allowed):
    """Power of storage for the steps."""
    return np.maximum(0.0, swing(peak, pulse) - followed(pulse, allowed)) * max(pulse.duty, 1 - pulse.duty)


def step_seconds(pulse: Pulse) -> float:
    """Energy over power of storage for the steps: D (1 - D) T / max(D, 1 - D)."""
    return min(pulse.duty, 1 - pulse.duty) * pulse.period


def stop_power(peak, pulse: Pulse, allowed: Allowed):
    """Power of storage for a job that stops."""
    within = allowed.ramp * pulse.stop_time if np.isfinite(allowed.ramp) else np.inf
    return np.maximum(0.0, pulse.stop_depth * peak - within)


def stop_seconds(peak, pulse: Pulse, allowed: Allowed):
    """Energy over power of storage for a job that stops: d_s P / (2 r); nothing without a ramp limit."""
    return pulse.stop_depth * peak / (2 * allowed.ramp)


def lines(pulse: Pulse, allowed: Allowed) -> tuple[tuple[float, float], ...]:
    """(slope, free) of the straight lines that storage power lies on: the largest of slope x peak - free, and nothing."""
    carried = max(pulse.duty, 1 - pulse.duty)
    found = ((pulse.depth * carried, followed(pulse, allowed) * carried), (pulse.stop_depth, allowed.ramp * pulse.stop_time))
    return tuple((slope, free) for slope, free in found if np.isfinite(free))


def storage_power(peak, pulse: Pulse, allowed: Allowed):
    """Power of storage for the steps and for a stop, whichever asks for more."""
    return np.maximum(step_power(peak, pulse, allowed), stop_power(peak, pulse, allowed))


def storage_seconds(peak: float, pulse: Pulse, allowed: Allowed) -> float:
    """Energy over power of storage for a load of this peak: the longer of steps and stop, of what needs storage at all."""
    steps = step_seconds(pulse) if step_power(peak, pulse, allowed) > 0 else 0.0
    stop = float(stop_seconds(peak, pulse, allowed)) if stop_power(peak, pulse, allowed) > 0 else 0.0
    return max(steps, stop)


def cycled_share(pulse: Pulse) -> float:
    """Power that goes through storage on average, over its power for the steps: D (1 - D) / max(D, 1 - D)."""
    return min(pulse.duty, 1 - pulse.duty)
