"""What more than one archive's package does in the same way."""
