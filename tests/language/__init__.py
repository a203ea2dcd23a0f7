"""Tests of pure Thai text."""
