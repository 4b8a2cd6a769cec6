"""Devices as bytes: transports, their languages, simulators. Knows nothing of the hall."""
