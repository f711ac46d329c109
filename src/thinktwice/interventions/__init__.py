"""What staff work on: withdrawals that wait for a person, from the queue to their resolution."""
