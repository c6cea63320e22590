"""How reliable the planned system is, and how a target is reached."""

from .assess import Assessment, NoSuchPhase, assess

__all__ = ["Assessment", "NoSuchPhase", "assess"]
