"""What two verbs of EMPIAR share: records joined, places of files, spellings of values."""
