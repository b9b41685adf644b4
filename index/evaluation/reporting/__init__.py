"""What a measurement is shown as: rows, tables, plots and the report."""
