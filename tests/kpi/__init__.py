"""Tests of the engine: facts in, findings out, no database."""
