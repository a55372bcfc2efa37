"""Every model of placement as a programme: each file opens with its formulation and its source."""
