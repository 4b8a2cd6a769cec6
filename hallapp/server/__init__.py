"""Runs PostgreSQL for a hall; knows nothing of its tables."""
