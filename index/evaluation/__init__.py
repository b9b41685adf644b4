"""How good the answers are: datasets, metrics, baselines, calibration, ablations, reports."""
