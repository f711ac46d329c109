"""The pages on which staff read what campaigns achieved."""
