"""What UN Comtrade tells beside figures: notes, lists of codes, unit values."""
