"""Which releases there are, and what the archive holds of them."""
