"""``python -m bench``: how far the portal is from bare pages on the same server, in ratios of one run (DESIGN §6).

Everything stays on this machine, is bounded in count and time, and stops by itself.
"""
