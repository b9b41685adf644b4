"""Datasets, metrics, baselines, calibration, ablations and the report."""
