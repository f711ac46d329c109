"""The first page: how today goes."""
