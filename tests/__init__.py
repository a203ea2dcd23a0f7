"""Tests mirror the tree; what all of them share lies here and in conftest.py."""
