"""UN Comtrade: what to ask, how to fetch it, what its answers and files mean."""
