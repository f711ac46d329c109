"""An agency that is not here yet applies."""
