"""Spotting: which turns of a call bring up a known situation. Knows turns and likelihoods, no files and no index."""
