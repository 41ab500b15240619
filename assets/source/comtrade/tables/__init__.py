"""Tables of UN Comtrade that people already have."""
