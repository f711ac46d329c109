"""The pages on which staff find a decision and read it."""
