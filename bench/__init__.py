"""Figures about speed and cost, each from the real programs over real HTTP."""
