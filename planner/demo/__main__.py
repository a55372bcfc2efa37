"""``python -m planner.demo FOLDER`` writes the made-up district that ships with the planner."""

from __future__ import annotations

import argparse
from pathlib import Path

from planner.demo import SEED, make

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m planner.demo", description="Write the made-up demo district.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.seed)
