"""Bulk files: listed, planned, downloaded, read."""
