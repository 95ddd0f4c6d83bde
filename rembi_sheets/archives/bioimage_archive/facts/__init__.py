"""What two verbs of BioImage Archive share: records joined, places of files, spellings of values."""
