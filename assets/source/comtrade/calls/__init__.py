"""Asking for figures in calls: planned, packed, sent, answered."""
