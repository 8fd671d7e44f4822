"""Review of catalogs: findings of the quality checks, the review queue, and what a reviewer does to a unit."""
