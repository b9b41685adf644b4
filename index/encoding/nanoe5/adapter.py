"""The tuned encoder's low-rank changes, which are added to the bundled weights when these are unpacked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from safetensors.numpy import load_file, save_file

Floats = np.ndarray[Any, np.dtype[np.float32]]


_DOWN, _UP = ".down", ".up"


@dataclass(frozen=True, slots=True)
class Adapter:
    """By the name of a weight, the factors whose product is added to it: (rows, rank) and (rank, columns)."""

    factors: Mapping[str, tuple[Floats, Floats]]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote. Raises OSError or safetensors' error for a damaged file."""
        arrays = {name: array.astype(np.float32) for name, array in load_file(path).items()}
        names = [name.removesuffix(_UP) for name in arrays if name.endswith(_UP)]
        return cls({name: (arrays[name + _UP], arrays[name + _DOWN]) for name in names})

    def write(self, path: Path) -> None:
        """Write the factors in half precision."""
        arrays = {name + _UP: up for name, (up, _) in self.factors.items()}
        arrays |= {name + _DOWN: down for name, (_, down) in self.factors.items()}
        save_file({name: np.ascontiguousarray(array, dtype=np.float16) for name, array in arrays.items()}, path)

    def scaled(self, share: float) -> Self:
        """Return the adapter with `share` of each change."""
        return type(self)({name: (up * np.float32(share), down) for name, (up, down) in self.factors.items()})

    def change(self, name: str) -> Floats | None:
        """Return what is added to the weight called `name`, (rows, columns); None if it stays."""
        if name not in self.factors:
            return None
        up, down = self.factors[name]
        return np.asarray(up @ down, dtype=np.float32)
