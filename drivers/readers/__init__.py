"""ID-card readers: the card as values, and one module per protocol."""
