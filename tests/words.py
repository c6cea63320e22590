"""Whether an explanation says more than the name that it explains."""

import re

LITTLE = {"a", "an", "and", "at", "by", "in", "is", "it", "of", "on", "that", "the", "to", "with"}


def says_more(name: str, meaning: str) -> bool:
    """Whether some word of weight in a meaning is none of the name's."""
    return bool(_words(meaning) - _words(name) - LITTLE)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))
