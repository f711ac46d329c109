"""The pages on which staff work on withdrawals that wait."""
