"""Settings, as they are in force."""
