"""The data that travel between stages: frozen, checked when made, never changed afterwards."""
