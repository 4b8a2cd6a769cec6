"""Simulated devices for tests, demos and halls without hardware."""
