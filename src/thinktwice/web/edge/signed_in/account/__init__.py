"""One's own account: password, second factors, recovery codes, sessions."""
