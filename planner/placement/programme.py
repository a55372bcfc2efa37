"""A linear or mixed-integer programme built block by block: named columns and rows in, sparse arrays out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from planner.types.arrays import Bools, Doubles, Ints, Longs

Keys = tuple[npt.NDArray[np.integer[Any]], ...]
Term = tuple[npt.ArrayLike, npt.NDArray[np.integer[Any]], npt.ArrayLike]  # row in the block, column, coefficient
Words = Callable[[tuple[int, ...], float], str]


@dataclass(frozen=True, eq=False)
class Block:
    """Columns or rows of one name, numbered from `first`; ``name_3_7`` is the one whose keys are 3 and 7.

    Attributes
    ----------
    words
        Of rows that may have to give way: what to say of the row with these keys where it is missed by so much.
    """

    name: str
    first: int
    keys: Keys
    size: int
    words: Words | None = None

    def key(self, k: int) -> tuple[int, ...]:
        """Keys of the k-th one."""
        return tuple(int(column[k]) for column in self.keys)

    def names(self) -> list[str]:
        """All names, in order."""
        return ["_".join((self.name, *map(str, self.key(k)))) for k in range(self.size)]


@dataclass(frozen=True, eq=False)
class Arrays:
    """A programme as a solver takes it: rows in CSR, ``lower <= A x <= upper``."""

    maximise: bool
    constant: float
    objective: Doubles
    lower: Doubles
    upper: Doubles
    integer: Bools
    row_lower: Doubles
    row_upper: Doubles
    indptr: Longs
    indices: Ints
    values: Doubles


class Programme:
    """Columns and rows are added in blocks; nothing that was added changes."""

    def __init__(self, title: str, sense: Literal["max", "min"]) -> None:
        self.title = title
        self.maximise = sense == "max"
        self.constant = 0.0  # of the objective
        self.column_blocks: list[Block] = []
        self.row_blocks: list[Block] = []
        self._columns: list[tuple[Doubles, Doubles, Doubles, Bools]] = []
        self._rows: list[tuple[Doubles, Doubles]] = []
        self._terms: list[tuple[Longs, Longs, Doubles]] = []

    def columns(
        self,
        name: str,
        keys: Keys,
        *,
        upper: npt.ArrayLike = math.inf,
        lower: npt.ArrayLike = 0.0,
        objective: npt.ArrayLike = 0.0,
        integer: bool = False,
    ) -> Ints:
        """Add a block of columns, one for each of the keys, and return their positions, int32."""
        block = _block(name, keys, self.column_blocks)
        n = (block.size,)
        self.column_blocks.append(block)
        self._columns.append(
            (_full(objective, n), _full(lower, n), _full(upper, n), np.full(n, integer, np.bool_)),
        )
        return np.arange(block.first, block.first + block.size, dtype=np.int32)

    def rows(
        self,
        name: str,
        keys: Keys,
        terms: Sequence[Term],
        *,
        lower: npt.ArrayLike = -math.inf,
        upper: npt.ArrayLike = math.inf,
        words: Words | None = None,
    ) -> None:
        """Add a block of rows ``lower <= sum of terms <= upper``; a row without keys is one row."""
        block = _block(name, keys, self.row_blocks, words)
        self.row_blocks.append(block)
        self._rows.append((_full(lower, (block.size,)), _full(upper, (block.size,))))
        for row, column, value in terms:
            size = np.shape(column)
            at = np.broadcast_to(np.asarray(row, np.int64), size) + block.first
            self._terms.append((at, np.asarray(column, np.int64), _full(value, size)))

    def elastic(self) -> Programme:
        """The same rows, but those with words may be missed; the objective is by how much, relative to their sides.

        The columns of what is missed are named after their rows: "short_p" where the sum is too small, "over_p" where
        it is too great.
        """
        looser = Programme(self.title, "min")
        looser.column_blocks, looser.row_blocks = list(self.column_blocks), list(self.row_blocks)
        looser._columns = [(np.zeros_like(c), lower, upper, whole) for c, lower, upper, whole in self._columns]
        looser._rows, looser._terms = list(self._rows), list(self._terms)
        for block, (lower, upper) in zip(self.row_blocks, self._rows, strict=True):
            for name, side, sign in (("short", lower, 1.0), ("over", upper, -1.0)):
                if block.words is not None and np.isfinite(side).any():
                    weight = np.where(np.isfinite(side), 1 / np.maximum(np.abs(side), 1.0), 1.0)
                    slack = looser.columns(
                        f"{name}_{block.name}", block.keys or (np.zeros(1, np.int32),), objective=weight
                    )
                    row = np.arange(block.first, block.first + block.size)
                    looser._terms.append((row, slack.astype(np.int64), np.full(block.size, sign)))
        return looser

    def missed(self, values: Doubles) -> list[str]:
        """In words, which rows the columns `values` of the elastic programme miss, and by how much."""
        told = []
        at = self.n_columns
        for block, (lower, upper) in zip(self.row_blocks, self._rows, strict=True):
            for side in (lower, upper):
                if block.words is not None and np.isfinite(side).any():
                    amounts = values[at : at + block.size]
                    told += [block.words(block.key(int(k)), _round(amounts[k])) for k in np.flatnonzero(amounts > 1e-6)]
                    at += block.size
        return told

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return sum(block.size for block in self.column_blocks)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return sum(block.size for block in self.row_blocks)

    def arrays(self) -> Arrays:
        """Join the blocks; terms of a row in the order of their columns."""
        from scipy.sparse import coo_array

        objective, lower, upper, integer = (
            np.concatenate(parts) for parts in zip(*self._columns, strict=True)
        ) if self._columns else (np.empty(0),) * 4  # fmt: skip
        row, column, value = (
            np.concatenate(parts) for parts in zip(*self._terms, strict=True)
        ) if self._terms else (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))  # fmt: skip
        matrix = coo_array((value, (row, column)), shape=(self.n_rows, self.n_columns)).tocsr()
        matrix.sort_indices()
        return Arrays(
            maximise=self.maximise,
            constant=self.constant,
            objective=objective,
            lower=lower,
            upper=upper,
            integer=integer.astype(np.bool_),
            row_lower=np.concatenate([lower for lower, _ in self._rows] or [np.empty(0)]),
            row_upper=np.concatenate([upper for _, upper in self._rows] or [np.empty(0)]),
            indptr=matrix.indptr.astype(np.int64),
            indices=matrix.indices.astype(np.int32),
            values=matrix.data.astype(np.float64),
        )


def _block(name: str, keys: Keys, before: Sequence[Block], words: Words | None = None) -> Block:
    first = before[-1].first + before[-1].size if before else 0
    return Block(name, first, keys, len(keys[0]) if keys else 1, words)


def _full(value: npt.ArrayLike, shape: tuple[int, ...]) -> Doubles:
    return np.broadcast_to(np.asarray(value, np.float64), shape)


def _round(amount: float) -> float:
    """Whole where it is whole but for the solver's tolerance."""
    return float(round(amount)) if abs(amount - round(amount)) < 1e-6 else float(amount)
