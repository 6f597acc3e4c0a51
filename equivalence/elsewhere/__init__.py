"""Work done beyond this machine: by a Dask cluster."""
