"""What every test can count on: no hub, and the same examples in every run."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ["HF_HUB_OFFLINE"] = "1"  # before any library that reads it on import

# A shared machine is no clock: no deadlines, and the same examples every time.
settings.register_profile(
    "house", deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
# `HYPOTHESIS_PROFILE=search` looks for new examples.
settings.register_profile(
    "search", settings.get_profile("house"), derandomize=False, max_examples=1500, database=None
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))
