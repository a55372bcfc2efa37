"""What became of the rows of each list, as rows."""

from __future__ import annotations

import pandas as pd

from planner.types.lists import FATES
from planner.types.results import Plan


def accounts(plan: Plan) -> pd.DataFrame:
    """Rows of each list by what became of them, with their total."""
    lines = [
        [account.role, account.file, fate, count]
        for account in plan.accounts
        for fate, count in (*account.rows, ("all rows of the list", account.total))
    ]
    return pd.DataFrame(lines, columns=["list", "file", "fate", "rows"])


def side_by_side(plan: Plan) -> pd.DataFrame:
    """The same, a row a list; a column for each fate that occurs."""
    there = [fate for fate in FATES if any(fate in dict(account.rows) for account in plan.accounts)]
    lines = [
        [account.role, account.file, account.total, *(dict(account.rows).get(fate, 0) for fate in there)]
        for account in plan.accounts
    ]
    return pd.DataFrame(lines, columns=["list", "file", "rows", *there])
