"""Measurements, never tests: `make bench` prints the table."""
