"""Reports: findings as text, JSON and a page; the data dictionary as documentation."""
