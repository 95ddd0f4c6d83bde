"""EMPIAR: a deposition as entry XML and as deposition JSON, which say the same."""
