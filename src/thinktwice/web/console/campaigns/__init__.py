"""The pages on which staff write, approve, release and stop campaigns."""
