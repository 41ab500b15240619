"""Profile comtrade end to end, against a stand-in on loopback."""
