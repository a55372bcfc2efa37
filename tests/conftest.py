"""Settings of all tests."""

from hypothesis import settings

# A busy machine is no fault of the code: a test that is slow now and then must not fail for it.
settings.register_profile("planner", deadline=None)
settings.load_profile("planner")
