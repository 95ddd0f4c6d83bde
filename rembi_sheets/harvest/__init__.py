"""Harvest: what the headers of image files and the logs beside them say, each value with its source."""
