"""Figures as ratios between two things measured in the same run: `python -m bench`."""
