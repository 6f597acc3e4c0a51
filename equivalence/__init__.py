"""The only part that knows both spec and runtime: obligations, the trusted kernel that decides them, generated graphs."""
