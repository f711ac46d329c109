"""The pages about lists of addresses: look-up, allowances, disputes, lists and their import."""
