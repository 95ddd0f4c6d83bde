"""What two verbs of IDR share: records joined, places of files, spellings of values."""
