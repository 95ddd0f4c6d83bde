"""The page, against a real server on this computer."""
