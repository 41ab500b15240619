"""Which figures are wanted, and what is expected of them."""
