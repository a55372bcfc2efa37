"""Loops over arrays: numpy and numba only, each file alone (numba's disk cache does not see a change in an import)."""
