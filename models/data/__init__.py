"""Catalogue tables."""
