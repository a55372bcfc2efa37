"""What is being done, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable

from planner.errors import one_line


class Steps:
    """What is being done, told as it begins, with the seconds that each step took."""

    def __init__(self, progress: Callable[[str], None] | None = None) -> None:
        self._progress = progress
        self._began = time.perf_counter()
        self._current = ""
        self.seconds: dict[str, float] = {}
        self.log: list[str] = []

    def tell(self, text: str) -> None:
        """Tell and log what is no step of its own."""
        self.log.append(f"{'':12}{one_line(text)}")
        if self._progress:
            self._progress(text)

    def begin(self, step: str) -> None:
        """End the step before, and begin this one."""
        self.end()
        self._current = one_line(step)
        if self._progress:
            self._progress(step)

    def end(self) -> None:
        """End the current step."""
        now = time.perf_counter()
        if self._current:
            self.seconds[self._current] = round(now - self._began, 3)
            self.log.append(f"{now - self._began:8.1f} s  {self._current}")
        self._began, self._current = now, ""
